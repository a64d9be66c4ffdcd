// Writes prisma/generated/database.ts, the row types of every table, from schema.prisma. `--check` writes nothing and
// exits 1 when the committed file is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import prismaSchema from '@prisma/prisma-schema-wasm';
import { schemaFile } from './schemaEngine.ts';

type Field = {
  name: string;
  kind: 'scalar' | 'enum' | 'object';
  type: string;
  isList: boolean;
  isRequired: boolean;
  hasDefaultValue: boolean;
  documentation?: string;
};
type Model = { name: string; dbName: string | null; documentation?: string; fields: Field[] };
type Enum = { name: string; values: { name: string }[] };

const SCALARS: Record<string, string> = {
  String: 'string',
  Int: 'number',
  BigInt: 'bigint',
  Decimal: 'bigint',
  Boolean: 'boolean',
  DateTime: 'Date',
  Json: 'Json',
  Bytes: 'Buffer',
};

function fieldType(field: Field): string {
  const base = field.kind === 'enum' ? field.type : SCALARS[field.type];
  if (base === undefined) throw new Error(`schema.prisma: no row type for ${field.type} (${field.name})`);
  const whole = `${base}${field.isList ? '[]' : ''}${field.isRequired || field.isList ? '' : ' | null'}`;
  return field.hasDefaultValue ? `Generated<${whole}>` : whole;
}

function modelType(model: Model): string {
  const comment = model.documentation ? `/** ${model.documentation} */\n` : '';
  const lines = model.fields.map((field) => {
    const doc = field.documentation ? `  /** ${field.documentation.replaceAll('\n', ' ')} */\n` : '';
    return `${doc}  ${field.name}: ${fieldType(field)};`;
  });
  return `${comment}export type ${model.name}Table = {\n${lines.join('\n')}\n};\n`;
}

/** snake_case, as in SQL, to the camelCase key under which Kysely's CamelCasePlugin knows the table. */
function tableKey(model: Model): string {
  return (model.dbName ?? model.name).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const dmmf = JSON.parse(
  prismaSchema.get_dmmf(
    JSON.stringify({ prismaSchema: [[schemaFile.path, schemaFile.content]], noColor: true }),
  ),
) as { datamodel: { models: Model[]; enums: Enum[] } };
const { models, enums } = dmmf.datamodel;

const text = [
  '// Generated from prisma/schema.prisma by `npm run generate`. Do not edit.',
  "import type { Generated, JSONColumnType } from 'kysely';",
  '',
  'type Json = JSONColumnType<object>;',
  '',
  ...enums.map(
    (item) => `export type ${item.name} = ${item.values.map(({ name }) => `'${name}'`).join(' | ')};\n`,
  ),
  ...models.map(modelType),
  `export type Database = {\n${models.map((model) => `  ${tableKey(model)}: ${model.name}Table;`).join('\n')}\n};`,
  '',
].join('\n');

const target = fileURLToPath(new URL('./generated/database.ts', import.meta.url));
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('prisma/generated/database.ts is stale: run `npm run generate`.');
  process.exit(1);
}
