import type { ImportIssueCode } from '../../generated/operationTypes.ts';

type Told = { readonly code: string; readonly message: string; readonly value: string | null };
/** @param find what of the server’s English sentence stands in the pattern’s first group, or null */
type Say = (find: (pattern: RegExp) => string | null, told: Told) => string;

const ADDRESS_FORM = '地址是 0x 加 40 位十六进制数字。';
const ASK = '请逐字核对，并通过另外的渠道向收款人确认。';
const RETYPE = '请按应读取的内容重新输入，并将单元格设为文本格式。';

/**
 * Chinese sentences for what the server tells in English. Names and numbers are taken from its sentence; where it says
 * something else than expected, the sentence does without.
 */
const TEXTS: Readonly<Record<ImportIssueCode, Say>> = {
  ADDRESS_CHECKSUM: () => '地址与自身的校验和（EIP-55）不符，可能有字符写错。请向收款人重新索取。',
  ADDRESS_MALFORMED: (find) => malformed(find),
  ADDRESS_OTHER_CHAIN: (find) => {
    const chain = find(/this batch pays on (.+?), where/);
    return `这看起来是其他链的地址；${chain === null ? '本批次' : `本批次在 ${chain} 上付款，`}${ADDRESS_FORM}`;
  },
  AMOUNT_AMBIGUOUS_SEPARATOR: (_, { value }) =>
    `${quoted(value)}有两种读法。请去掉千位分隔符，或写出更多小数位。`,
  AMOUNT_NEGATIVE: () => '金额为负数。',
  AMOUNT_NOTATION_MIXED: (find) => {
    const row = find(/row (\d+) has/);
    return `有的行用逗号、有的行用句点作小数点${row === null ? '' : `（见第 ${row} 行）`}。请统一写法。`;
  },
  AMOUNT_NOT_A_NUMBER: (_, { value }) => `${quoted(value)}不是金额。请写成 1250.5 这样的数字。`,
  AMOUNT_TOO_LARGE: () => '金额超过一笔付款的上限。',
  AMOUNT_TOO_PRECISE: (find) => {
    const decimals = find(/has (\d+) decimals/);
    const limit = decimals === null ? '小数位超过该资产的精度' : `该资产最多 ${decimals} 位小数`;
    return `${limit}。系统从不四舍五入，请减少小数位。`;
  },
  AMOUNT_ZERO: () => '金额为零。',
  CELL_BOOLEAN: () => `单元格是 TRUE 或 FALSE。${RETYPE}`,
  CELL_DATE: () => '单元格是日期。请将该列设为文本或数字格式后重新输入。',
  CELL_ERROR: () => '单元格含有错误。请修正或清空。',
  CELL_FORMULA: () => '单元格是公式。请复制该列并“粘贴为数值”，使所有人读到的内容一致。',
  CELL_MERGED: () => '合并单元格遮住了另一个单元格中的内容，谁也看不到。请取消合并。',
  COLUMN_COUNT: (find) => {
    const [has, expected] = [find(/has (\d+) fields/), find(/the header (\d+)/)];
    const counts = has === null || expected === null ? '' : `（本行 ${has} 列，表头 ${expected} 列）`;
    return `本行的列数与表头不符${counts}。含分隔符的内容要放在双引号中。`;
  },
  COLUMN_DUPLICATE: () => '有两列表示同一内容。请改名或删除其中一列。',
  COLUMN_MISSING: (find) => {
    const field = find(/named as the (\w+)/);
    const name = field === 'amount' ? '金额' : '收款地址';
    return `没有任何一列表示${name}。请在表头中命名，例如${columnNames(find) ?? `“${name}”`}。`;
  },
  FIELD_MISSING: (find) => (find(/The (amount)/) === null ? '缺少收款地址。' : '缺少金额。'),
  FILE_DAMAGED: () => '工作簿已损坏或被改动。请在表格软件中打开，重新保存后再试。',
  FILE_EMPTY: () => '文件里没有内容。',
  FILE_ENCRYPTED: () => '工作簿有密码保护。请取消密码后重新保存。',
  FILE_MALFORMED: (find) =>
    find(/(no line ends)/) === null
      ? '引号不成对，或某一行过长：后面的内容无法读取。'
      : '这一行过长，其中没有换行：这很可能不是 CSV 文件。',
  FILE_NOT_CSV: () => '这不是文本文件，也不是 XLSX 工作簿。请从表格软件另存为 CSV 或 XLSX。',
  FILE_NOT_UTF8: () => '文本不是 UTF-8，也不是带字节序标记的 UTF-16。请另存为“CSV UTF-8”。',
  FILE_TOO_LARGE_UNPACKED: () => '工作簿解压后过大，无法读取。请只保留付款所需的工作表和列。',
  FILE_WITHOUT_ROWS: () => '表头下面没有任何行。',
  HIDDEN_COLUMN: () => '要读取的一列被隐藏了。请取消隐藏或删除。',
  HIDDEN_ROW: () => '这一行被隐藏，看不出是否要付款。请取消隐藏或删除（筛选也会隐藏行）。',
  MEMO_TOO_LONG: (find) => tooLong('附言', find),
  NO_ACCOUNT_FOR_DESTINATION: (find) => {
    const [name, asset, chain] = [
      find(/^(.+) is paid in/),
      find(/ is paid in (\S+) on/),
      find(/ is paid in \S+ on (.+?)\. /),
    ];
    const who = name === null || asset === null ? '这位收款人收取另一种资产' : `${name}收取的是 ${asset}`;
    return `${who}${chain === null ? '' : `（${chain}）`}。请选择支付它的账户。`;
  },
  NUMBER_SCIENTIFIC: () => '数字以科学计数法保存或显示，部分位数可能丢失。请设为文本格式后重新输入。',
  NUMBER_SHOWN_DIFFERENTLY: () => `单元格显示的内容与实际数字不同（舍入、缩放、百分比或附加文字）。${RETYPE}`,
  NUMBER_TOO_PRECISE: () => '数字超过表格软件显示的 15 位，应是计算结果。请四舍五入后直接输入。',
  PAYEE_ADDRESS_CHANGED: (find) => {
    const earlier = find(/paid at (0x\w+) before/);
    return `名册中该收款人的地址已更改，以前${earlier === null ? '付到另一个地址' : `付到 ${earlier}`}。${ASK}`;
  },
  PAYEE_ADDRESS_DIFFERS: (find) => {
    const name = find(/^The reference names (.+), but this address/);
    const who = name ?? '名册中的收款人';
    return `编号对应${who}，但这个地址不是其地址。付款以地址为准，请先向${name ?? '对方'}确认。`;
  },
  PAYEE_AMBIGUOUS: (find) => {
    const count = find(/^(\d+) payees/);
    return `名册中有${count === null ? '多' : ` ${count} `}位收款人使用这个地址，而编号没有指明是哪一位。`;
  },
  PAYEE_UNKNOWN: (_, { value }) =>
    `名册中没有编号为${quoted(value)}的收款人。请填写收款地址，或先添加该收款人。`,
  PAYOUT_DUPLICATE: (find) => {
    const row = find(/^Row (\d+)/);
    return `${row === null ? '前面的一行' : `第 ${row} 行`}已向同一收款人支付同样的金额。`;
  },
  POSSIBLE_ADDRESS_POISONING: (find) => lookAlike(find),
  RECIPIENT_ACCOUNT: () => '这就是付款账户，不能付给自己。',
  RECIPIENT_FACTORY: () => '这是付款系统的合约，不能收款。',
  RECIPIENT_TOKEN: () => '这是代币自身的合约，付到那里的钱会丢失。',
  RECIPIENT_ZERO: () => '零地址不属于任何人，不能付款。',
  REFERENCE_DUPLICATE: (find) => {
    const row = find(/^Row (\d+)/);
    return `${row === null ? '前面的一行' : `第 ${row} 行`}有同样的编号。编号在一个批次中只能出现一次。`;
  },
  REFERENCE_PAID_BEFORE: (find) => {
    const title = find(/^The batch “(.+)” \(/);
    return `${title === null ? '另一个批次' : `批次“${title}”`}有同样的编号。请确认不会重复付款。`;
  },
  REFERENCE_TOO_LONG: (find) => tooLong('编号', find),
  SHARE_TOO_SMALL: (find) => {
    const [name, asset] = [find(/^(.+)’s part in/), find(/’s part in (\S+) on/)];
    const part = name === null || asset === null ? '收款人的其中一份' : `${name}的 ${asset} 份额`;
    return `${part}会变成零。请一次多付一些，或调整份额。`;
  },
  SHEET_UNKNOWN: (find) => {
    const names = find(/The workbook has (.+)\.$/);
    return `没有显示中的工作表叫这个名字。${names === null ? '' : `工作簿中有：${names}。`}`;
  },
  TEXT_INVALID: () => '内容含有控制字符，或会颠倒文字方向的字符。请重新输入。',
  TOO_MANY_PARTS: (find) => {
    const limit = find(/more than (\d+) payouts/);
    return `按收款人的份额拆分后，付款笔数超过上限${limit === null ? '' : ` ${limit} 笔`}。请拆分文件。`;
  },
  TOO_MANY_ROWS: (find) => {
    const limit = find(/at most (\d+) payouts/);
    return `行数超过一个批次的上限${limit === null ? '' : `（${limit} 笔）`}。请拆分文件。`;
  },
};

/** What is wrong, in Chinese; in the server’s words where its code is a newer one. */
export function issueTextZh(told: Told): string {
  const say = (TEXTS as Readonly<Record<string, Say | undefined>>)[told.code];
  if (say === undefined) return told.message;
  return say((pattern) => pattern.exec(told.message)?.[1] ?? null, told);
}

function quoted(value: string | null): string {
  return value === null ? '' : `“${value}”`;
}

/** The names that the server advises, the Chinese ones first. */
function columnNames(find: Parameters<Say>[0]): string | null {
  const names = find(/Name one (“.+”), or similar/)?.split(', ');
  if (names === undefined) return null;
  const isChinese = (name: string) => /\p{Script=Han}/u.test(name);
  return [...names.filter(isChinese), ...names.filter((name) => !isChinese(name))].join('、');
}

function tooLong(name: string, find: (pattern: RegExp) => string | null): string {
  const [has, limit] = [find(/has (\d+) characters/), find(/at most (\d+) are/)];
  if (has === null || limit === null) return `${name}过长。`;
  return `${name}有 ${has} 个字符，最多 ${limit} 个。`;
}

function malformed(find: (pattern: RegExp) => string | null): string {
  if (find(/(32 bytes)/) !== null)
    return `这是 32 个字节：交易哈希、其他链的账户或私钥。如果是私钥，请视为已泄露。${ADDRESS_FORM}`;
  if (find(/(lacks 0x)/) !== null) return '地址开头缺少 0x。';
  if (find(/(without the chain)/) !== null) return '请只写地址本身，去掉前面的链名。';
  if (find(/(Names are not)/) !== null) return `系统不查询名称，请填写地址。${ADDRESS_FORM}`;
  if (find(/(small 0x)/) !== null) return '地址开头的 0x 要小写。';
  const digits = find(/this has (\d+)/);
  return digits === null ? `这不是地址。${ADDRESS_FORM}` : `这里 0x 后有 ${digits} 位，${ADDRESS_FORM}`;
}

function lookAlike(find: (pattern: RegExp) => string | null): string {
  if (find(/(sent a trifle to one of your accounts, as)/) !== null)
    return `这里从未付款给这个地址；它曾向你的账户转入极小金额，想让人误抄它的人常这样做。${ASK}`;
  const [whose, of] = [find(/begins and ends like (.+?), 0x/), find(/, (0x[0-9a-fA-F]{40}), and is another/)];
  const known =
    whose === null ? '已知的地址' : WHOSE.reduce((text, [from, to]) => text.replace(from, to), whose);
  return `这个地址的开头和结尾与${known}${of === null ? '' : `（${of}）`}相似，却是另一个地址。${ASK}`;
}

const WHOSE: readonly (readonly [RegExp, string])[] = [
  [/^one that was paid before$/, '以前付过款的地址'],
  [/^one that sent a trifle to one of your accounts$/, '曾向你的账户转入极小金额的地址'],
  [/^that of a payee$/, '一位收款人的地址'],
  [/^that of an approver$/, '一位审批人的地址'],
  [/^that of an account$/, '一个账户的地址'],
  [/^that of the account (.+)$/, '账户“$1”的地址'],
  [/^that of row (\d+)$/, '第 $1 行的地址'],
  [/^that of (.+)$/, '$1的地址'],
];
