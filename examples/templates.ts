// Writes the templates that the client hands out, in client/public/templates: `node examples/templates.ts`. The same files
// every time; a test compares, and reads each back.
import { mkdirSync, writeFileSync } from 'node:fs';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { examplePayee } from './generate.ts';

export const TEMPLATES = new URL('../client/public/templates/', import.meta.url);

type Template = {
  readonly sheet: string;
  readonly header: readonly [recipient: string, amount: string, memo: string, reference: string];
  /** What stands in the rows that show how to fill it in. */
  readonly memo: string;
  readonly helpSheet: string;
  readonly help: readonly string[];
};

const ENGLISH: Template = {
  sheet: 'Payroll',
  header: ['Recipient address', 'Amount', 'Memo', 'Reference'],
  memo: 'Example: replace this row',
  helpSheet: 'Help',
  help: [
    'One row is one payment. Replace the two example rows.',
    'Recipient address: 0x and 40 hexadecimal digits. Copy it; do not type it.',
    'Amount: in whole units of the token, such as 1250.5. Type numbers, not formulas.',
    'Memo (may be empty): what the payment is for.',
    'Reference (may be empty): your own number of the payment; each stands once in a file.',
    'Columns may stand in any order, and others may be added: they are not read. Hidden rows are refused.',
  ],
};
const CHINESE: Template = {
  sheet: '付款表',
  header: ['收款地址', '金额', '备注', '编号'],
  memo: '示例：请替换此行',
  helpSheet: '填写说明',
  help: [
    '每一行是一笔付款。请替换两行示例。',
    '收款地址：0x 加 40 位十六进制字符。请复制粘贴，不要手动输入。',
    '金额：以代币为单位，例如 1250.5。请填写数字，不要使用公式。',
    '备注（可留空）：付款用途。',
    '编号（可留空）：您自己的付款编号，同一文件中不可重复。',
    '列的顺序不限，也可以添加其他列，系统不会读取。隐藏的行会被拒绝。',
  ],
};
const AMOUNTS = ['1250.5', '980'];
const SERIES = 'TEMPLATE';

/** Every template by its name. */
export const TEMPLATE_FILES: Readonly<Record<string, () => Uint8Array<ArrayBuffer>>> = {
  'payroll-template.en.csv': () => writeCsv(ENGLISH),
  'payroll-template.en.xlsx': () => writeXlsx(ENGLISH),
  'payroll-template.zh.csv': () => writeCsv(CHINESE),
  'payroll-template.zh.xlsx': () => writeXlsx(CHINESE),
};

function exampleRows({ memo }: Template): string[][] {
  return AMOUNTS.map((amount, index) => [
    examplePayee(index, SERIES),
    amount,
    memo,
    `2026-11-00${index + 1}`,
  ]);
}

/** With a byte order mark, without which spreadsheets take UTF-8 for something else. */
function writeCsv(template: Template): Uint8Array<ArrayBuffer> {
  const rows = [template.header, ...exampleRows(template)];
  return Uint8Array.from(strToU8(`\ufeff${rows.map((row) => row.join(',')).join('\n')}\n`));
}

const SPREADSHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** Cell styles by their place: header, text, amount with up to six decimals. */
const HEADER = 1;
const TEXT = 2;
const AMOUNT = 3;
const STYLES = `<numFmts count="1"><numFmt numFmtId="164" formatCode="0.00####"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="4"><xf xfId="0"/><xf fontId="1" xfId="0" applyFont="1"/><xf numFmtId="49" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" xfId="0" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>`;

function writeXlsx(template: Template): Uint8Array<ArrayBuffer> {
  const part = (name: string, attributes: string, inner: string) =>
    strToU8(
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<${name} ${attributes}>${inner}</${name}>`,
    );
  const relationships = (targets: readonly (readonly [type: string, target: string])[]) =>
    part(
      'Relationships',
      'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"',
      targets
        .map(
          ([type, at], index) =>
            `<Relationship Id="r${index + 1}" Type="${RELATIONSHIPS}/${type}" Target="${at}"/>`,
        )
        .join(''),
    );
  const worksheet = (inner: string) => part('worksheet', `xmlns="${SPREADSHEET}"`, inner);
  const type = (name: string, kind: string) =>
    `<Override PartName="/${name}" ContentType="${CONTENT}.${kind}+xml"/>`;
  const sheets = [template.sheet, template.helpSheet].map(
    (name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="r${index + 1}"/>`,
  );
  const files: Zippable = {
    '[Content_Types].xml': part(
      'Types',
      'xmlns="http://schemas.openxmlformats.org/package/2006/content-types"',
      [
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
        type('xl/workbook.xml', 'sheet.main'),
        type('xl/styles.xml', 'styles'),
        type('xl/worksheets/sheet1.xml', 'worksheet'),
        type('xl/worksheets/sheet2.xml', 'worksheet'),
      ].join(''),
    ),
    '_rels/.rels': relationships([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': part(
      'workbook',
      `xmlns="${SPREADSHEET}" xmlns:r="${RELATIONSHIPS}"`,
      `<sheets>${sheets.join('')}</sheets>`,
    ),
    'xl/_rels/workbook.xml.rels': relationships([
      ['worksheet', 'worksheets/sheet1.xml'],
      ['worksheet', 'worksheets/sheet2.xml'],
      ['styles', 'styles.xml'],
    ]),
    'xl/styles.xml': part('styleSheet', `xmlns="${SPREADSHEET}"`, STYLES),
    'xl/worksheets/sheet1.xml': worksheet(payrollSheet(template)),
    'xl/worksheets/sheet2.xml': worksheet(
      `<cols><col min="1" max="1" width="100" customWidth="1"/></cols>${data(template.help.map((line) => [textCell(line, 0)]))}`,
    ),
  };
  // ZIP counts from this day, by the local clock: the same bytes whenever and wherever it is written.
  return zipSync(files, { mtime: new Date(1980, 0, 1), level: 9 });
}

/** Its columns are formatted below the example too, so that what is typed there stays as it was typed. */
function payrollSheet(template: Template): string {
  const columns = [
    [46, TEXT],
    [16, AMOUNT],
    [32, TEXT],
    [18, TEXT],
  ].map(
    ([width, style], index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${width}" style="${style}" customWidth="1"/>`,
  );
  const rows = [
    template.header.map((name) => textCell(name, HEADER)),
    ...exampleRows(template).map((row) =>
      row.map((value, index) =>
        index === 1 ? `<c s="${AMOUNT}"><v>${value}</v></c>` : textCell(value, TEXT),
      ),
    ),
  ];
  const frozen =
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
  return `${frozen}<cols>${columns.join('')}</cols>${data(rows)}`;
}

function textCell(text: string, style: number): string {
  return `<c s="${style}" t="inlineStr"><is><t>${text}</t></is></c>`;
}

function data(rows: readonly (readonly string[])[]): string {
  return `<sheetData>${rows.map((cells) => `<row>${cells.join('')}</row>`).join('')}</sheetData>`;
}

if (import.meta.main) {
  mkdirSync(TEMPLATES, { recursive: true });
  for (const [name, write] of Object.entries(TEMPLATE_FILES))
    writeFileSync(new URL(name, TEMPLATES), write());
}
