import { describe, expect, test } from 'vitest';
import { examplePayee, faultyPayroll, payroll } from '../../examples/generate.ts';
import { readText } from './readText.testkit.ts';

const ALICE = examplePayee(0);
const BOB = examplePayee(1);

describe('dialects', () => {
  const rows = [
    ['recipient', 'amount', 'memo', 'reference'],
    [ALICE, '1.5', 'rent, May', 'R1'],
    [BOB, '2', 'line\nbreak', 'R2'],
  ];
  const written = (delimiter: string, newline: string) =>
    rows.map((row) => row.map((value) => `"${value}"`).join(delimiter)).join(newline);

  test.each([
    ['comma', written(',', '\n')],
    ['semicolon', written(';', '\n')],
    ['tab', written('\t', '\n')],
    ['CRLF', written(',', '\r\n')],
    ['CR', written(',', '\r')],
    ['CRLF and LF mixed', written(',', '\r\n').replace('\r\n', '\n')],
    ['a byte order mark', `\ufeff${written(',', '\r\n')}\r\n`],
    ['a byte order mark and sep=', `\ufeffsep=;\r\n${written(';', '\r\n')}`],
    ['blank rows', `\n,,,\n${written(',', '\n\n')}\n\n;\n`.replace('\n;\n', '\n')],
  ])('%s', async (_, text) => {
    const { preview, lines, issues } = await readText(text);
    expect(issues).toEqual([]);
    expect(preview).toMatchObject({ rowCount: 2, acceptedCount: 2, totalUnits: 3_500_000n });
    expect(lines.map(({ recipient, units, memo, reference }) => [recipient, units, memo, reference])).toEqual(
      [
        [ALICE, 1_500_000n, 'rent, May', 'R1'],
        [BOB, 2_000_000n, 'line\nbreak', 'R2'],
      ],
    );
  });

  test('a header in Chinese, in any order, with columns that are not read', async () => {
    const text = `序号;备注;金额（USDC）;编号; 收款 地址 \n1;工资;1.5;R1;${ALICE}\n`;
    const { preview, lines } = await readText(text);
    expect(lines).toEqual([{ row: 2, recipient: ALICE, units: 1_500_000n, memo: '工资', reference: 'R1' }]);
    expect(preview?.columns).toEqual(['序号', '备注', '金额（USDC）', '编号', '收款 地址']);
    expect(preview?.ignoredColumns).toEqual(['序号']);
  });

  test('separators that stand only inside the last rows do not mislead', async () => {
    const { lines } = await readText(`WALLET;Amount\n${ALICE};1.5\n`);
    expect(lines).toHaveLength(1);
  });
});

describe('rows are numbered as a spreadsheet shows them', () => {
  test('blank rows count, line breaks in quotes do not', async () => {
    const text = `\nrecipient,amount,memo\n${ALICE},1,"two\nlines\nor three"\n\n${ALICE},x,\n`;
    const { issues } = await readText(text);
    expect(issues.map(({ row, column, value, code }) => [row, column, value, code])).toEqual([
      [5, 'amount', 'x', 'AMOUNT_NOT_A_NUMBER'],
    ]);
  });

  test('sep= is no row', async () => {
    const { issues } = await readText(`sep=;\nrecipient;amount\n${ALICE};x`);
    expect(issues.map(({ row }) => row)).toEqual([2]);
  });
});

test('the faulty example: fifteen kinds of faults, each on its row', async () => {
  const { preview, issues, issueCount, errorCount } = await readText(faultyPayroll());
  expect(issues.map(({ row, column, code, severity }) => [row, column, code, severity])).toEqual([
    [4, 'recipient', 'ADDRESS_CHECKSUM', 'ERROR'],
    [5, 'recipient', 'ADDRESS_MALFORMED', 'ERROR'],
    [6, 'recipient', 'ADDRESS_OTHER_CHAIN', 'ERROR'],
    [7, 'recipient', 'RECIPIENT_ZERO', 'ERROR'],
    [8, 'amount', 'AMOUNT_ZERO', 'ERROR'],
    [9, 'amount', 'AMOUNT_NEGATIVE', 'ERROR'],
    [10, 'amount', 'AMOUNT_NOT_A_NUMBER', 'ERROR'],
    [11, 'amount', 'AMOUNT_TOO_PRECISE', 'ERROR'],
    [12, 'amount', 'AMOUNT_AMBIGUOUS_SEPARATOR', 'ERROR'],
    [13, 'amount', 'AMOUNT_TOO_LARGE', 'ERROR'],
    [14, 'amount', 'FIELD_MISSING', 'ERROR'],
    [15, 'reference', 'REFERENCE_DUPLICATE', 'ERROR'],
    [16, 'recipient', 'PAYOUT_DUPLICATE', 'WARNING'],
    [17, 'memo', 'MEMO_TOO_LONG', 'ERROR'],
    [18, null, 'COLUMN_COUNT', 'ERROR'],
  ]);
  expect(issues.every(({ value }) => value === null || value.length <= 82)).toBe(true);
  expect({ issueCount, errorCount }).toEqual({ issueCount: 15, errorCount: 14 });
  expect(preview).toMatchObject({ rowCount: 18, acceptedCount: 4 });
});

/** UTF-16, little-endian, with its byte order mark. */
function utf16(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(`\ufeff${text}`, 'utf16le'));
}

describe('a file that cannot be read', () => {
  const good = `recipient,amount\n${ALICE},1\n`;
  test.each<[string, string | Uint8Array<ArrayBuffer>, string, number, RegExp]>([
    ['nothing', '', 'FILE_EMPTY', 1, /empty/],
    ['blank rows', '\n \n,,\n', 'FILE_EMPTY', 1, /blank/],
    ['a header alone', 'recipient,amount\n\n', 'FILE_WITHOUT_ROWS', 2, /below the header/],
    ['a cut zip archive', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), 'FILE_DAMAGED', 1, /cut off/],
    ['an old workbook', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0]), 'FILE_NOT_CSV', 1, /Save as/],
    ['control bytes', '\u0001\u0002\u0003'.repeat(40_000), 'FILE_NOT_CSV', 1, /no text file/],
    ['an image', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d]), 'FILE_NOT_CSV', 1, /no text file/],
    ['NUL bytes', 'recipient,amount\n\0\0', 'FILE_NOT_CSV', 1, /Save as/],
    ['half of a UTF-16 pair', utf16(`${good}\ud83d,1\n`), 'FILE_NOT_UTF8', 3, /UTF-16/],
    ['UTF-16 that lacks a byte', utf16(good).slice(0, -1), 'FILE_NOT_UTF8', 2, /UTF-16/],
    [
      'GBK',
      new Uint8Array([...Buffer.from('recipient,amount,memo\n,,\n1,2,'), 0xb1, 0xb8, 0xd7]),
      'FILE_NOT_UTF8',
      3,
      /UTF-8/,
    ],
    [
      'a character cut at the end',
      new Uint8Array([...Buffer.from(good), 0xe5, 0x9c]),
      'FILE_NOT_UTF8',
      3,
      /UTF-8/,
    ],
    ['no amount', `recipient,memo\n${ALICE},x\n`, 'COLUMN_MISSING', 1, /“amount”.*“数量”/],
    [
      'two recipients',
      `wallet,Address,amount\n${ALICE},${ALICE},1\n`,
      'COLUMN_DUPLICATE',
      1,
      /“wallet” and “Address”/,
    ],
    ['a quote that never closes', `${good}${ALICE},"1\n${ALICE},2\n`, 'FILE_MALFORMED', 3, /never closes/],
    ['a quote inside a value', `${good}${ALICE},1"2\n`, 'FILE_MALFORMED', 3, /not quoted/],
    ['text after a quote', `${good}${ALICE},"1"2\n`, 'FILE_MALFORMED', 3, /twice/],
    ['an endless row', `${good}${'x'.repeat(70_000)}`, 'FILE_MALFORMED', 3, /no line ends/],
    ['an endless quote', `${good}"${'x'.repeat(70_000)}`, 'FILE_MALFORMED', 3, /double quote opens/],
  ])('%s', async (_, content, code, row, message) => {
    const { preview, issues } = await readText(content);
    expect(preview).toBeNull();
    expect(issues).toEqual([
      expect.objectContaining({ code, row, severity: 'ERROR', message: expect.stringMatching(message) }),
    ]);
  });

  test('both missing columns are told', async () => {
    const { issues } = await readText('a,b\n1,2\n');
    expect(issues.map(({ code, column }) => [code, column])).toEqual([
      ['COLUMN_MISSING', 'recipient'],
      ['COLUMN_MISSING', 'amount'],
    ]);
  });
});

describe('fields of a row', () => {
  test('too few are a fault of the row, and nothing in it is guessed', async () => {
    const { issues, preview } = await readText(`recipient,amount,memo\n${ALICE},1\n${BOB},2,\n`);
    expect(issues.map(({ row, code }) => [row, code])).toEqual([[2, 'COLUMN_COUNT']]);
    expect(preview).toMatchObject({ rowCount: 2, acceptedCount: 1 });
  });

  test('empty ones past the header are what some spreadsheets leave', async () => {
    expect((await readText(`recipient,amount\n${ALICE},1,,\n`)).issues).toEqual([]);
  });

  test('an unquoted 1,250 is told as one field too many', async () => {
    const { issues } = await readText(`recipient,amount\n${ALICE},1,250\n`);
    expect(issues).toEqual([
      expect.objectContaining({ code: 'COLUMN_COUNT', message: expect.stringContaining('double quotes') }),
    ]);
  });
});

describe('values in issues', () => {
  test('a formula is not one any more, a private key is not repeated', async () => {
    const key = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
    const { issues } = await readText(
      `recipient,amount\n"=HYPERLINK(""http://x"")",1\n${key},1\n${ALICE},-5\n`,
    );
    expect(issues.map(({ value }) => value)).toEqual(['\'=HYPERLINK("http://x")', '0xac0974…', '-5']);
    expect(JSON.stringify(issues)).not.toContain(key.slice(10));
  });

  test('a long one is cut', async () => {
    const { issues } = await readText(`recipient,amount\n${'y'.repeat(500)},1\n`);
    expect(issues[0]?.value).toBe(`${'y'.repeat(80)}…`);
  });
});

describe('limits', () => {
  test('the first thousand issues are kept, all are counted, and no error hides behind warnings', async () => {
    const twin = `${ALICE},1`;
    const text = `recipient,amount\n${`${twin}\n`.repeat(1_500)}${BOB},x\n`;
    const { issues, issueCount, errorCount } = await readText(text);
    expect({ kept: issues.length, issueCount, errorCount }).toEqual({
      kept: 1_000,
      issueCount: 1_500,
      errorCount: 1,
    });
    expect(issues.at(-1)).toMatchObject({ row: 1_502, code: 'AMOUNT_NOT_A_NUMBER' });
  });

  test('one row more than a batch holds ends the reading', async () => {
    const { preview, issues } = await readText(`recipient,amount\n${',1\n'.repeat(100_001)}`);
    expect(preview).toBeNull();
    expect(issues).toHaveLength(1_000);
    expect(issues.at(-1)).toMatchObject({ row: 100_002, code: 'TOO_MANY_ROWS' });
  });

  test('a payroll of 1,000 adds up', async () => {
    const text = payroll(1_000);
    const cents = text
      .split('\n')
      .slice(1, -1)
      .map((line) => line.split(',')[1] as string)
      .reduce(
        (sum, amount) => sum + BigInt(amount.replace('.', '').padEnd(amount.indexOf('.') + 6, '0')),
        0n,
      );
    expect((await readText(text)).preview?.totalUnits).toBe(cents);
  });
});
