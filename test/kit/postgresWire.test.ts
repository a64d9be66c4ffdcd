import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BACKEND_CUT, FRONTEND_CUT, readStrings, type WireCut, WireReader } from './postgresWire.ts';

type Sent = { type: string; body: Buffer };

function encode({ type, body }: Sent): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 'latin1');
  header.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

const message = (types: string) =>
  fc.record({
    type: fc.constantFrom(...types),
    body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  });
const lengths = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 });

function packets(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  for (let start = 0, index = 0; start < bytes.length; index += 1) {
    const end = start + (sizes[index % sizes.length] ?? 1);
    cut.push(bytes.subarray(start, end));
    start = end;
  }
  return cut;
}

/** Whatever packets the messages came in. @returns where each mark stood, and everything that was passed on */
function read(cut: WireCut, sent: readonly Sent[], sizes: readonly number[]) {
  const reader = new WireReader(cut);
  const marks: { type: string; at: number; body: Buffer }[] = [];
  let passed = Buffer.alloc(0);
  for (const packet of packets(Buffer.concat(sent.map(encode)), sizes)) {
    for (const { bytes, mark } of reader.read(packet)) {
      passed = Buffer.concat([passed, bytes]);
      if (mark !== null) marks.push({ type: mark.type, at: passed.length, body: mark.body });
    }
  }
  return { marks, passed };
}

test.each([
  ['FRONTEND', FRONTEND_CUT, 'QPBEDCHSFpdcfX'],
  ['BACKEND', BACKEND_CUT, 'ZGWTDCENASKR'],
] as const)(
  '%s: all bytes pass in order, and each mark stands where its message begins or ends',
  (_name, cut, types) => {
    fc.assert(
      fc.property(fc.array(message(types), { maxLength: 12 }), lengths, (sent, sizes) => {
        const { marks, passed } = read(cut, sent, sizes);
        expect(passed.equals(Buffer.concat(sent.map(encode)))).toBe(true);
        let at = 0;
        const expected = sent.flatMap(({ type, body }) => {
          const before = at;
          at += 5 + body.length;
          return cut.types.includes(type) ? [{ type, at: cut.at === 'BEGIN' ? before : at }] : [];
        });
        expect(marks.map(({ type, at: place }) => ({ type, at: place }))).toEqual(expected);
        const texts = sent.filter(({ type }) => 'QPZ'.includes(type) && cut.types.includes(type));
        const read_ = marks.filter(({ type }) => 'QPZ'.includes(type));
        expect(read_.map(({ body }) => body.toString('hex'))).toEqual(
          texts.map(({ body }) => body.toString('hex')),
        );
      }),
    );
  },
);

test('the strings at the begin of a body', () => {
  expect(readStrings(Buffer.from('portal\0name\0\x01\x02'), 2)).toEqual(['portal', 'name']);
});
