import type { InputObjectRef, ObjectFieldsShape } from '@pothos/core';
import { InvariantError, NotFoundError, type UserFault, UserFaultsError } from '../core/errors.ts';
import { builder, type SchemaTypes } from './builder.ts';
import type { SchemaContext } from './schemaContext.ts';
import { UserError } from './userError.ts';

type Outcome<Payload> = Payload & { userErrors: readonly UserFault[] };

/** What a function gets that makes a field of several mutations' payloads. */
export type PayloadBuilder<Payload> = PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Payload>;

/** Of a mutation that no organization's log tells of: a session's. */
export type UnloggedMutationOptions<Input extends object, Payload extends object> = {
  /** Full sentences; names the permission. */
  description: string;
  input: InputObjectRef<SchemaTypes, Input>;
  /**
   * Every code that the use case can refuse with, and what it means. NOT_FOUND where the input names objects; none where
   * there is nothing to refuse.
   */
  errorCodes: Readonly<Record<string, string>>;
  /** The payload's fields besides those that the helper adds; those that are null after a refusal are nullable. */
  payloadFields: ObjectFieldsShape<SchemaTypes, Outcome<Payload>>;
  /** The payload when the request was refused: the object null. */
  refused: Payload;
  resolve: (input: Input, context: SchemaContext) => Promise<Payload>;
};

type Logged<Payload> = Payload & { eventCursor: string | null };

export type MutationOptions<Input extends object, Payload extends object> = Omit<
  UnloggedMutationOptions<Input, Payload>,
  'resolve'
> & {
  /** The description of the payload's `eventCursor`, where it is not the one of most. */
  eventCursor?: string;
  resolve: (input: Input, context: SchemaContext) => Promise<Logged<Payload>>;
};

/**
 * Adds a mutation as addUnloggedMutation does, whose payload says besides which entry of the organization's log the change
 * wrote: `eventCursor`, null after a refusal.
 */
export function addMutation<Input extends object, Payload extends object>(
  name: string,
  {
    eventCursor = 'The entry that the change wrote; null when nothing changed.',
    ...options
  }: MutationOptions<Input, Payload>,
): void {
  // Pothos cannot follow types that are still generic here.
  const payloadFields = options.payloadFields as unknown as ObjectFieldsShape<
    SchemaTypes,
    Outcome<Logged<object>>
  >;
  addUnloggedMutation<Input, Logged<object>>(name, {
    ...options,
    payloadFields: (t) => ({
      ...payloadFields(t),
      eventCursor: t.expose('eventCursor', { type: 'EventCursor', nullable: true, description: eventCursor }),
    }),
    refused: { ...options.refused, eventCursor: null },
  });
}

/**
 * Adds a mutation `name(input:)` with its payload type (`NamePayload`: payloadFields and userErrors), its error type
 * (`NameError`, a UserError) and its codes' enum (`NameErrorCode`). Refusals (UserFaultsError, NotFoundError) become user
 * errors beside a null object; everything else goes to the top level.
 */
export function addUnloggedMutation<Input extends object, Payload extends object>(
  name: string,
  options: UnloggedMutationOptions<Input, Payload>,
): void {
  const typeName = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const error =
    Object.keys(options.errorCodes).length === 0
      ? UserError
      : addErrorType(typeName, name, options.errorCodes);
  // Pothos cannot follow types that are still generic here; the caller's input, payload and fields agree on them.
  const input = options.input as unknown as InputObjectRef<SchemaTypes, object>;
  const payloadFields = options.payloadFields as unknown as ObjectFieldsShape<SchemaTypes, Outcome<object>>;
  const payload = builder.objectRef<Outcome<object>>(`${typeName}Payload`).implement({
    description: `What \`${name}\` answers.`,
    fields: (t) => ({
      ...payloadFields(t),
      userErrors: t.field({
        type: [error],
        description: 'Why the request was refused; empty when it was done.',
        resolve: (outcome) => [...outcome.userErrors],
      }),
    }),
  });
  builder.mutationField(name, (t) =>
    t.field({
      type: payload,
      nullable: true,
      description: options.description,
      args: { input: t.arg({ type: input, required: true, description: 'What is asked for.' }) },
      resolve: async (_root, args, context): Promise<Outcome<object>> => {
        try {
          const done = await options.resolve(args.input as Input, context);
          return { ...done, userErrors: [] };
        } catch (error) {
          return { ...options.refused, userErrors: faultsOf(error, name, args.input, options.errorCodes) };
        }
      },
    }),
  );
}

function addErrorType(typeName: string, name: string, errorCodes: Readonly<Record<string, string>>) {
  const code = builder.enumType(`${typeName}ErrorCode`, {
    description: `Why \`${name}\` can refuse a request.`,
    values: Object.fromEntries(
      Object.entries(errorCodes).map(([value, description]) => [value, { description }]),
    ),
  });
  return builder.objectRef<UserFault>(`${typeName}Error`).implement({
    description: `A fault of a request to \`${name}\` that its sender can mend.`,
    interfaces: [UserError],
    fields: (t) => ({
      reason: t.field({
        type: code,
        description: 'The same as `code`, as an enum: a client’s compiler knows every value.',
        resolve: (fault) => fault.code,
      }),
    }),
  });
}

/** Where the input names what was not found: "The payout batch" stands in `payoutBatchId`. */
function pathOf(what: string, input: object): readonly string[] | null {
  const [first = '', ...rest] = what.replace(/^The /, '').split(' ');
  const field = `${first}${rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Id`;
  return field in input ? ['input', field] : null;
}

function faultsOf(
  error: unknown,
  name: string,
  input: object,
  errorCodes: Readonly<Record<string, string>>,
): readonly UserFault[] {
  if (error instanceof NotFoundError && error.code in errorCodes) {
    return [{ code: error.code, message: error.message, path: pathOf(error.what, input) }];
  }
  if (!(error instanceof UserFaultsError)) throw error;
  const undocumented = error.faults.find((fault) => !(fault.code in errorCodes));
  if (undocumented !== undefined) {
    throw new InvariantError('A refusal with a code that the schema does not list', {
      mutation: name,
      code: undocumented.code,
    });
  }
  return error.faults;
}
