// Fails when a type, field, argument, input field or enum value of the schema says nothing of itself, or when a root field
// does not name what it needs.
import {
  type GraphQLArgument,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { schema } from '../../schema/schema.ts';

type Described = { description?: string | null | undefined };
const faults: string[] = [];
let looked = 0;

/** Full sentences: something to read, with a full stop at its end. */
function look(what: string, { description }: Described): void {
  looked += 1;
  if (description == null || description.trim() === '') faults.push(`${what} has no description.`);
  else if (!/[.!?]$/.test(description.trim())) faults.push(`${what}: its description is not a sentence.`);
}

function lookAtArguments(what: string, args: readonly GraphQLArgument[]): void {
  for (const arg of args) look(`${what}(${arg.name}:)`, arg);
}

function lookAt(type: GraphQLNamedType): void {
  look(type.name, type);
  if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) look(`${type.name}.${field.name}`, field);
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return;
  for (const field of Object.values(type.getFields())) {
    look(`${type.name}.${field.name}`, field);
    lookAtArguments(`${type.name}.${field.name}`, field.args);
  }
}

for (const type of Object.values(schema.getTypeMap())) {
  if (!isIntrospectionType(type) && !isSpecifiedScalarType(type)) lookAt(type);
}
for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
  for (const field of Object.values(root?.getFields() ?? {})) {
    if (!/\bneeds?\b/i.test(field.description ?? '')) {
      faults.push(`${root?.name}.${field.name} does not say which permission it needs.`);
    }
  }
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
console.log(`${looked} descriptions.`);
