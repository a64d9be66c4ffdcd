import { randomUUID } from 'node:crypto';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNodeId } from '../../core/ids.ts';
import {
  MAX_IMPORT_FILE_BYTES,
  MAX_UPLOAD_BYTES_OF_ALL,
  MAX_UPLOAD_BYTES_PER_USER,
  MAX_UPLOADS_PER_USER,
} from '../../core/limits.ts';
import { payroll } from '../../examples/generate.ts';
import { sheetData, workbook } from '../../payroll/file/xlsx/workbook.testkit.ts';
import { pruneUploads } from '../../resolvers/upload/pruneUploads.ts';
import { randomAddress, type SeededPerson } from '../kit/seed.ts';
import { FRONTEND, OFFSET_TYPE, session, startUploadWorld, type UploadWorld } from './uploadsKit.ts';

let world: UploadWorld;
let alice: SeededPerson;
let bob: SeededPerson;
beforeAll(async () => {
  world = await startUploadWorld();
  ({ alice, bob } = world);
});
afterAll(() => world.api.close());

const call: UploadWorld['call'] = (request) => world.call(request);
const begin: UploadWorld['begin'] = (...all) => world.begin(...all);
const append: UploadWorld['append'] = (...all) => world.append(...all);
const offsetOf: UploadWorld['offsetOf'] = (...all) => world.offsetOf(...all);
const importUpload: UploadWorld['importUpload'] = (...all) => world.importUpload(...all);
const clearUploads = () => world.clearUploads();

describe('an upload', () => {
  it('by a tus client, in pieces, is imported', async () => {
    const file = Buffer.from(payroll(5_000));
    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const upload = new Upload(file, {
        endpoint: `${world.api.origin}/uploads`,
        headers: session(alice),
        chunkSize: 100_000,
        metadata: { filename: '工资.csv' },
        onAfterResponse: (request, response) => {
          if (request.getMethod() === 'POST') seen.push(response.getHeader('Upload-Id') ?? '');
        },
        onSuccess: () => resolve(),
        onError: reject,
      });
      upload.start();
    });
    const [uploadId = ''] = seen;
    expect(await importUpload(alice, { uploadId })).toMatchObject({
      payoutBatch: { payoutCount: 5_000 },
      preview: { sheets: [] },
      userErrors: [],
    });
    const head = await call({ method: 'HEAD', path: `/uploads/${uploadId}`, headers: session(alice) });
    expect(head.headers.get('upload-metadata')).toContain(Buffer.from('工资.csv').toString('base64'));
    const metrics = await world.api.metrics.metrics();
    expect(metrics).toContain('uploads_total{outcome="finished"} 1');
    expect(metrics).toContain(`upload_received_bytes_total ${file.length}`);
  });

  it('may be a workbook, of which a sheet is named', async () => {
    const rows = [['recipient', 'amount'], ...[1, 2, 3].map((amount) => [randomAddress(), `${amount},5`])];
    const bytes = workbook({ sheets: { Notes: sheetData([['hello']]), May: sheetData(rows) } });
    const { path, id } = await begin(alice, bytes.length);
    expect((await append(alice, path, 0, bytes)).status).toBe(204);
    expect(await importUpload(alice, { uploadId: id })).toMatchObject({
      payoutBatch: null,
      issues: [{ code: 'COLUMN_MISSING' }, { code: 'COLUMN_MISSING' }],
    });
    expect(await importUpload(alice, { uploadId: id, sheet: 'May' })).toMatchObject({
      payoutBatch: { payoutCount: 3 },
      preview: { sheets: ['Notes', 'May'] },
    });
  });

  it('is not imported before it is whole, nor beside a file, nor after it was deleted', async () => {
    const { path, id } = await begin(alice, 10);
    await append(alice, path, 0, new Uint8Array(9));
    const at = { path: ['input', 'uploadId'] };
    expect((await importUpload(alice, { uploadId: id })).userErrors).toMatchObject([
      { code: 'UPLOAD_INCOMPLETE', ...at },
    ]);
    expect((await importUpload(alice, {})).userErrors).toMatchObject([{ code: 'FILE_MISSING' }]);
    expect((await call({ method: 'DELETE', path, headers: session(alice) })).status).toBe(204);
    expect((await call({ method: 'HEAD', path, headers: session(alice) })).status).toBe(404);
    expect((await importUpload(alice, { uploadId: id })).userErrors).toMatchObject([
      { code: 'UPLOAD_NOT_FOUND', ...at },
    ]);
  });

  it('takes each byte once, and only the next one', async () => {
    const { path } = await begin(alice, 6);
    expect((await append(alice, path, 0, Uint8Array.from([1, 2, 3]))).status).toBe(204);
    for (const offset of [0, 2, 4])
      expect((await append(alice, path, offset, Uint8Array.from([9]))).status).toBe(409);
    const tooMany = await append(alice, path, 3, Uint8Array.from([4, 5, 6, 7]));
    expect(tooMany.status).toBe(413);
    const both = await Promise.all(
      [7, 8].map((byte) => append(alice, path, 3, new Uint8Array(3).fill(byte))),
    );
    // The other is told that it is late, or let go: in either case nothing of it was written.
    expect(both.filter(({ status }) => status === 204)).toHaveLength(1);
    const winner = both[0]?.status === 204 ? 7 : 8;
    const pieces = await world.api.database
      .selectFrom('uploadPiece')
      .innerJoin('upload', 'upload.id', 'uploadPiece.uploadId')
      .select(['bytes'])
      .where('upload.sizeBytes', '=', 6)
      .orderBy('startByte')
      .execute();
    expect([...Buffer.concat(pieces.map(({ bytes }) => bytes))]).toEqual([1, 2, 3, winner, winner, winner]);
  });
});

describe('who may upload', () => {
  it('is somebody with a session, who sends what a form cannot', async () => {
    expect((await call({ method: 'POST', headers: { 'upload-length': '1' } })).status).toBe(401);
    const cookie = { cookie: `pb_session=${alice.client.token}`, 'upload-length': '1' };
    const plain = await fetch(`${world.api.origin}/uploads`, { method: 'POST', headers: cookie });
    expect(plain.status).toBe(412);
    expect((await call({ method: 'POST', headers: cookie })).status).toBe(201);
  });

  it('is who may import somewhere: a stranger, or one who may only read, takes no room', async () => {
    const stranger = await world.seed.person('Mallory');
    const team = await world.seed.organization('Readers', { olga: ['OWNER'], vera: ['VIEWER', 'APPROVER'] });
    for (const person of [stranger, team.people.vera as SeededPerson]) {
      const refused = await call({ method: 'POST', headers: { ...session(person), 'upload-length': '1' } });
      expect([refused.status, await refused.text()]).toEqual([
        403,
        'This needs the permission BATCH_CREATE.\n',
      ]);
    }
  });

  it('on a page of an allowed origin alone', async () => {
    const headers = { ...session(alice), 'upload-length': '1' };
    const evil = await call({ method: 'POST', headers: { ...headers, origin: 'https://evil.example' } });
    expect(evil.status).toBe(403);
    expect(evil.headers.get('access-control-allow-origin')).toBeNull();
    const allowed = await call({ method: 'POST', headers: { ...headers, origin: FRONTEND } });
    expect(allowed.status).toBe(201);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(FRONTEND);
    expect(allowed.headers.get('access-control-expose-headers')).toContain('Upload-Id');
    const asked = await call({
      method: 'OPTIONS',
      headers: { origin: FRONTEND, 'access-control-request-method': 'PATCH' },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(asked.headers.get('access-control-allow-credentials')).toBe('true');
    expect(asked.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('upload-offset');
  });

  it('is nobody else: another’s upload looks like none, for reading, writing, deleting and importing', async () => {
    const { path, id } = await begin(alice, 3);
    const missing = `/uploads/${encodeNodeId('Upload', randomUUID())}`;
    for (const method of ['HEAD', 'PATCH', 'DELETE']) {
      const headers = {
        ...session(bob),
        ...(method === 'PATCH' ? { ...OFFSET_TYPE, 'upload-offset': '0' } : {}),
      };
      const body = method === 'PATCH' ? { body: new Uint8Array(1) } : {};
      const answers = await Promise.all(
        [path, missing].map((at) => call({ method, path: at, headers, ...body })),
      );
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      const [others, none] = await Promise.all(answers.map((answer) => answer.text()));
      expect(others).toBe(none);
    }
    expect((await importUpload(bob, { uploadId: id })).userErrors).toMatchObject([
      { code: 'UPLOAD_NOT_FOUND' },
    ]);
    expect(await offsetOf(alice, path)).toBe(0);
  });
});

describe('limits', () => {
  const begun = async (bytes: number, person = bob) =>
    (await call({ method: 'POST', headers: { ...session(person), 'upload-length': `${bytes}` } })).status;

  it('of one upload', async () => {
    await clearUploads();
    expect(await begun(MAX_IMPORT_FILE_BYTES)).toBe(201);
    expect(await begun(MAX_IMPORT_FILE_BYTES + 1)).toBe(413);
    expect(await begun(0)).toBe(400);
  });

  it('of one person’s uploads, in number, also of those begun at once, and in bytes', async () => {
    await clearUploads();
    const many = await Promise.all(Array.from({ length: MAX_UPLOADS_PER_USER + 5 }, () => begun(1)));
    expect(many.filter((status) => status === 201)).toHaveLength(MAX_UPLOADS_PER_USER);
    expect(many.filter((status) => status === 429)).toHaveLength(5);
    expect(await begun(1, alice)).toBe(201);
    await clearUploads();
    const fit = MAX_UPLOAD_BYTES_PER_USER / MAX_IMPORT_FILE_BYTES;
    for (let index = 0; index < fit; index += 1) expect(await begun(MAX_IMPORT_FILE_BYTES)).toBe(201);
    expect(await begun(1)).toBe(429);
  });

  it('of everybody’s uploads: what has arrived counts, not what was announced', async () => {
    await clearUploads();
    const most = MAX_UPLOAD_BYTES_OF_ALL / MAX_IMPORT_FILE_BYTES;
    const { userId } = alice;
    const whole = { userId, sizeBytes: MAX_IMPORT_FILE_BYTES };
    const fill = (receivedBytes: number, count: number) =>
      world.api.database
        .insertInto('upload')
        .values(Array.from({ length: count }, () => ({ ...whole, receivedBytes })))
        .execute();
    // Reserved by those who send nothing: everybody else has all the room.
    await fill(0, most);
    const { path } = await begin(bob, 2);
    expect((await append(bob, path, 0, Uint8Array.from([1]))).status).toBe(204);
    await clearUploads();
    await fill(MAX_IMPORT_FILE_BYTES, most - 1);
    const { path: before } = await begin(bob, 2);
    expect((await append(bob, before, 0, Uint8Array.from([1]))).status).toBe(204);
    await fill(MAX_IMPORT_FILE_BYTES, 1);
    expect(await begun(1)).toBe(429);
    expect((await append(bob, before, 1, Uint8Array.from([2]))).status).toBe(429);
    expect(await offsetOf(bob, before)).toBe(1);
    await clearUploads();
  });

  it('of time: after a day an upload is none, and is deleted', async () => {
    await clearUploads();
    const { path } = await begin(bob, 3);
    const { path: young } = await begin(bob, 3);
    const [old] = await world.api.database.selectFrom('upload').select('id').orderBy('id').execute();
    const yesterday = new Date(Date.now() - 24 * 3600 * 1000 - 1000);
    await world.api.database
      .updateTable('upload')
      .set({ createdAt: yesterday })
      .where('id', '=', old?.id ?? '')
      .execute();
    const gone = await Promise.all(
      [path, young].map((at) => call({ method: 'HEAD', path: at, headers: session(bob) })),
    );
    expect(gone.map(({ status }) => status).toSorted()).toEqual([200, 404]);
    expect(await pruneUploads(world.api.database)).toBe(1);
    expect(await pruneUploads(world.api.database)).toBe(0);
  });

  it('of time: an upload of which no byte came for a quarter of an hour is none; one that began is kept', async () => {
    await clearUploads();
    const [{ path: empty }, { path: begun }] = [await begin(bob, 3), await begin(bob, 3)];
    await append(bob, begun, 0, Uint8Array.from([1]));
    await world.api.database
      .updateTable('upload')
      .set({ createdAt: new Date(Date.now() - 15 * 60 * 1000 - 1000) })
      .execute();
    const statusOf = async (path: string) =>
      (await call({ method: 'HEAD', path, headers: session(bob) })).status;
    expect([await statusOf(empty), await statusOf(begun)]).toEqual([404, 200]);
    expect((await append(bob, empty, 0, Uint8Array.from([1]))).status).toBe(404);
    expect(await pruneUploads(world.api.database)).toBe(1);
    expect(await statusOf(begun)).toBe(200);
  });
});
