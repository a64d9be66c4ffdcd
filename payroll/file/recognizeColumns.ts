import type { PayoutField } from '../checks/payoutIssue.ts';
import { echoValue } from './echoValue.ts';
import type { FileIssueCode } from './fileIssue.ts';

/** How a column may be named, in English and Chinese. Case, spaces and punctuation do not matter. */
export const COLUMN_NAMES: Record<PayoutField, readonly string[]> = {
  recipient: [
    ...['recipient', 'recipient address', 'address', 'wallet', 'wallet address', 'to', 'to address'],
    ...[
      'payee address',
      'beneficiary address',
      'destination',
      'destination address',
      'receiver',
      'receiver address',
    ],
    ...[
      '收款地址',
      '收款人地址',
      '收款方地址',
      '收款钱包',
      '收款钱包地址',
      '接收地址',
      '钱包地址',
      '钱包',
      '地址',
    ],
    ...['收款錢包', '收款錢包地址', '錢包地址', '錢包'],
  ],
  amount: [
    ...['amount', 'payment amount', 'payout amount', 'transfer amount', 'amount to pay', 'value', 'sum'],
    ...[
      '金额',
      '付款金额',
      '支付金额',
      '转账金额',
      '发放金额',
      '数量',
      '金額',
      '付款金額',
      '支付金額',
      '轉帳金額',
      '數量',
    ],
  ],
  memo: [
    ...['memo', 'note', 'notes', 'description', 'comment', 'remark', 'remarks', 'message'],
    ...['备注', '附言', '说明', '摘要', '用途', '備註', '說明'],
  ],
  reference: [
    ...[
      'reference',
      'ref',
      'reference number',
      'reference no',
      'reference id',
      'payment reference',
      'payment id',
    ],
    ...['external id', 'invoice', 'invoice number', 'invoice no'],
    ...['编号', '参考号', '参考编号', '付款编号', '业务编号', '订单号', '单号', '流水号', '发票号'],
    ...['編號', '參考號', '參考編號', '訂單號', '單號', '流水號', '發票號'],
  ],
};

export const PAYOUT_FIELDS = ['recipient', 'amount', 'memo', 'reference'] as const satisfies PayoutField[];
/** What is needed, and the names to advise where it lacks: of those that docs/guides/payroll-files.md lists, in both languages. */
const ADVISED_NAMES = {
  recipient: ['recipient', 'address', 'wallet', '收款地址', '钱包地址'],
  amount: ['amount', 'payment amount', 'value', '金额', '数量'],
} as const satisfies Partial<Record<PayoutField, readonly string[]>>;
const REQUIRED_FIELDS = ['recipient', 'amount'] as const satisfies (keyof typeof ADVISED_NAMES)[];

/** Only letters and digits of any script, in one width and case. */
function normalized(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

const FIELD_OF_NAME = new Map<string, PayoutField>(
  PAYOUT_FIELDS.flatMap((field) => COLUMN_NAMES[field].map((name) => [normalized(name), field] as const)),
);

/** Which field a column's name stands for, or null. `amount (USDC)` is an amount where the asset is USDC. */
export function fieldOfColumn(name: string, assetSymbol: string): PayoutField | null {
  const plain = normalized(name);
  const field = FIELD_OF_NAME.get(plain);
  if (field !== undefined) return field;
  const symbol = normalized(assetSymbol);
  const withoutSymbol = symbol !== '' && plain.endsWith(symbol) ? plain.slice(0, -symbol.length) : '';
  return FIELD_OF_NAME.get(withoutSymbol) === 'amount' ? 'amount' : null;
}

export type RecognizedColumns = {
  /** Every column's name as the file has it, in its order. */
  readonly names: readonly string[];
  /** Where each field stands; null when the file lacks it. */
  readonly indexOf: Readonly<Record<PayoutField, number | null>>;
  /** Named columns that stand for nothing here. */
  readonly ignored: readonly string[];
  readonly faults: readonly { code: FileIssueCode; column: string | null; message: string }[];
};

/** Finds the columns of a file by their names, in any order. */
export function recognizeColumns(header: readonly string[], assetSymbol: string): RecognizedColumns {
  const names = header.map((name) => name.trim());
  const indexOf: Record<PayoutField, number | null> = {
    recipient: null,
    amount: null,
    memo: null,
    reference: null,
  };
  const ignored: string[] = [];
  const faults: RecognizedColumns['faults'][number][] = [];
  for (const [index, name] of names.entries()) {
    const field = fieldOfColumn(name, assetSymbol);
    if (field === null) {
      if (name !== '') ignored.push(echoValue(name) ?? '');
      continue;
    }
    const earlier = indexOf[field];
    if (earlier === null) indexOf[field] = index;
    else {
      const message = `“${echoValue(names[earlier] ?? '')}” and “${echoValue(name)}” both name the ${field}. Rename or remove one.`;
      faults.push({ code: 'COLUMN_DUPLICATE', column: echoValue(name), message });
    }
  }
  for (const field of REQUIRED_FIELDS) {
    if (indexOf[field] !== null) continue;
    const names = ADVISED_NAMES[field].map((name) => `“${name}”`).join(', ');
    const message = `No column is named as the ${field}. Name one ${names}, or similar.`;
    faults.push({ code: 'COLUMN_MISSING', column: field, message });
  }
  return { names: names.map((name) => echoValue(name) ?? ''), indexOf, ignored, faults };
}
