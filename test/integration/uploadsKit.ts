import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { nodeId, type Seed, type SeededPerson, seedWorld } from '../kit/seed.ts';

export const FRONTEND = 'http://localhost:5173';
export const TUS = { 'tus-resumable': '1.0.0' };
export const OFFSET_TYPE = { 'content-type': 'application/offset+octet-stream' };

export type UploadWorld = {
  api: TestApi;
  seed: Seed;
  /** Two who may import for one account. */
  alice: SeededPerson;
  bob: SeededPerson;
  call(call: Call): Promise<Response>;
  /** @returns where the upload is, and its id */
  begin(person: SeededPerson, bytes: number, origin?: string): Promise<{ path: string; id: string }>;
  append(
    person: SeededPerson,
    path: string,
    offset: number,
    body: Uint8Array<ArrayBuffer>,
  ): Promise<Response>;
  offsetOf(person: SeededPerson, path: string): Promise<number>;
  importUpload(person: SeededPerson, source: object): Promise<Imported>;
  clearUploads(): Promise<void>;
};
type Call = {
  origin?: string;
  method: string;
  path?: string;
  headers?: Record<string, string>;
  body?: BodyInit;
};
export type Imported = {
  payoutBatch: { id: string; payoutCount: number } | null;
  preview: { rowCount: number; sheets: string[] } | null;
  issues: { code: string }[];
  userErrors: { code: string; path: string[] }[];
};

export function session(person: SeededPerson): { authorization: string } {
  return { authorization: `Bearer ${person.client.token}` };
}

const IMPORT = `mutation($input: PayoutBatchImportInput!) { payoutBatchImport(input: $input) {
  payoutBatch { id payoutCount } preview { rowCount sheets } issues { code } userErrors { code path } } }`;

/** An API, two people, and what a client of uploads does. Close `api` in afterAll. */
export async function startUploadWorld(): Promise<UploadWorld> {
  const api = await startTestApi({ allowedOrigins: [FRONTEND] });
  const seed = await seedWorld(api);
  const acme = await seed.organization('Acme', { alice: ['PROPOSER', 'APPROVER'], bob: ['PROPOSER'] });
  const { id: accountId } = await acme.account();
  const call = ({ origin = api.origin, method, path = '/uploads', headers = {}, body }: Call) =>
    fetch(`${origin}${path}`, { method, headers: { ...TUS, ...headers }, ...(body ? { body } : {}) });
  return {
    ...{ api, seed, call },
    alice: acme.people.alice as SeededPerson,
    bob: acme.people.bob as SeededPerson,
    begin: async (person, bytes, origin = api.origin) => {
      const headers = { ...session(person), 'upload-length': `${bytes}` };
      const answer = await call({ origin, method: 'POST', headers });
      expect(answer.status).toBe(201);
      const path = answer.headers.get('location') ?? '';
      const id = answer.headers.get('upload-id') ?? '';
      expect(path).toBe(`/uploads/${id}`);
      return { path, id };
    },
    append: (person, path, offset, body) => {
      const headers = { ...session(person), ...OFFSET_TYPE, 'upload-offset': `${offset}` };
      return call({ method: 'PATCH', path, headers, body });
    },
    offsetOf: async (person, path) => {
      const answer = await call({ method: 'HEAD', path, headers: session(person) });
      expect(answer.status).toBe(200);
      return Number(answer.headers.get('upload-offset'));
    },
    importUpload: async (person, source) => {
      const place = { accountId, assetId: nodeId('Asset', seed.usdcUuid), title: 'Uploaded' };
      const input = { ...place, ...source, idempotencyKey: randomUUID() };
      return (await person.client.request<{ payoutBatchImport: Imported }>(IMPORT, { input }))
        .payoutBatchImport;
    },
    clearUploads: async () => {
      await api.database.deleteFrom('upload').execute();
    },
  };
}
