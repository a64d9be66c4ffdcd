import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, DriverAdapterError } from '@prisma/driver-adapter-utils';
import pg from 'pg';

// Prisma's schema engine as WebAssembly from the registry: the native engine would have to be downloaded from elsewhere.

/** The part of the engine's interface that is used here. */
type SchemaEngine = {
  applyMigrations(input: { migrationsList: MigrationsList; filters: SchemaFilter }): Promise<{
    appliedMigrationNames: string[];
  }>;
  diff(input: {
    from: { tag: 'empty' };
    to: { tag: 'schemaDatamodel'; files: SchemaFile[] };
    script: boolean;
    exitCode: null;
    filters: SchemaFilter;
    shadowDatabaseUrl: null;
  }): Promise<{ stdout: string | null }>;
};
type EngineModule = {
  SchemaEngine: {
    new: (
      options: { datamodels: [string, string][] },
      log: (message: string) => void,
      adapter: unknown,
    ) => Promise<SchemaEngine>;
  };
  __wbg_set_wasm: (exports: WebAssembly.Exports) => void;
};
export type SchemaFile = { path: string; content: string };
export type SchemaFilter = { externalTables: string[]; externalEnums: string[] };
export type MigrationsList = {
  baseDir: string;
  shadowDbInitScript: string;
  lockfile: { path: string; content: string };
  migrationDirectories: {
    path: string;
    migrationFile: { path: string; content: { tag: 'ok'; value: string } };
  }[];
};

export const schemaFile: SchemaFile = {
  path: fileURLToPath(new URL('./schema.prisma', import.meta.url)),
  content: readFileSync(new URL('./schema.prisma', import.meta.url), 'utf8'),
};
export const noFilter: SchemaFilter = { externalTables: [], externalEnums: [] };

let loaded: Promise<EngineModule> | undefined;

async function loadModule(): Promise<EngineModule> {
  const name = '@prisma/schema-engine-wasm/schema_engine_bg';
  const engine = (await import(name)) as EngineModule;
  const wasmPath = createRequire(import.meta.url)
    .resolve(name)
    .replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(wasmPath), {
    './schema_engine_bg.js': engine as unknown as WebAssembly.ModuleImports,
  });
  engine.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') start();
  return engine;
}

/**
 * Prisma's adapter cuts scripts at every semicolon, those in comments and in bodies of functions too, and runs the pieces
 * on any connection. One query runs a script whole: all of a migration is applied, or nothing of it.
 */
class WholeScripts extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      try {
        await adapter.underlyingDriver().query(script);
      } catch (error) {
        throw error instanceof pg.DatabaseError ? readable(error) : error;
      }
    };
    return adapter;
  }
}

/** What the database refused, in the form whose message the engine passes on. */
function readable({ code, severity, message, detail, column, hint }: pg.DatabaseError): DriverAdapterError {
  return new DriverAdapterError({
    kind: 'postgres',
    code: code ?? 'N/A',
    severity: severity ?? 'N/A',
    message,
    detail,
    column,
    hint,
  });
}

/** Opens the engine on a database. @param connectionString of the role that owns the tables */
export async function openSchemaEngine(connectionString: string): Promise<SchemaEngine> {
  loaded ??= loadModule();
  const { SchemaEngine } = await loaded;
  const adapter = bindMigrationAwareSqlAdapterFactory(new WholeScripts({ connectionString }));
  return SchemaEngine.new({ datamodels: [[schemaFile.path, schemaFile.content]] }, () => {}, adapter);
}
