import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { payroll } from '../../examples/generate.ts';
import { freePort } from '../../server/embedded/freePort.ts';
import { sharedTestParts } from '../kit/postgres.ts';
import { startRoleProcess } from './payoutsProcess.ts';
import { OFFSET_TYPE, session, startUploadWorld, TUS, type UploadWorld } from './uploadsKit.ts';

let world: UploadWorld;
beforeAll(async () => {
  world = await startUploadWorld();
});
afterAll(() => world.api.close());

it('a process that is killed in the middle loses nothing that was acknowledged; the upload goes on where it was, elsewhere', async () => {
  const { alice, begin, append, offsetOf, importUpload } = world;
  const file = Buffer.from(payroll(40_000));
  const port = await freePort();
  const appUrl = new URL(sharedTestParts().appUrl);
  appUrl.pathname = new URL(world.api.ownerUrl).pathname;
  const first = await startRoleProcess('api', {
    DATABASE_URL: appUrl.href,
    PORT: `${port}`,
    PUBLIC_ORIGIN: `http://localhost:${port}`,
  });
  const { path, id } = await begin(alice, file.length, `http://localhost:${port}`);
  const half = file.length / 2;
  const sending = httpRequest({
    port,
    path,
    method: 'PATCH',
    headers: {
      ...TUS,
      ...session(alice),
      ...OFFSET_TYPE,
      'upload-offset': '0',
      'content-length': file.length,
    },
  });
  const ended = once(sending, 'error');
  sending.write(file.subarray(0, half));
  const written = () =>
    world.api.database.selectFrom('upload').select('receivedBytes').executeTakeFirstOrThrow();
  await expect.poll(async () => (await written()).receivedBytes).toBeGreaterThan(half / 2);
  await first.kill();
  await ended;

  const offset = await offsetOf(alice, path);
  expect(offset).toBeGreaterThan(0);
  expect(offset).toBeLessThanOrEqual(half);
  // What is written cannot be written again with another byte.
  const other = Uint8Array.from(randomBytes(10));
  expect((await append(alice, path, offset - 10, other)).status).toBe(409);
  const rest = Uint8Array.from(file.subarray(offset));
  expect((await append(alice, path, offset, rest)).status).toBe(204);
  expect(await importUpload(alice, { uploadId: id })).toMatchObject({
    payoutBatch: { payoutCount: 40_000 },
    userErrors: [],
  });
});
