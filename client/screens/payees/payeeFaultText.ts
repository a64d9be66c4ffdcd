import type {
  PayeeArchiveErrorCode,
  PayeeCreateErrorCode,
  PayeeUpdateErrorCode,
} from '../../generated/operationTypes.ts';
import { useLanguage } from '../../i18n/language.ts';

type Code = PayeeArchiveErrorCode | PayeeCreateErrorCode | PayeeUpdateErrorCode;
export type PayeeFault = {
  /** Null: it was found here. */
  readonly reason: Code | null;
  readonly message: string;
  readonly path: readonly string[] | null;
};

const TEXTS_ZH: Readonly<Record<Code, string>> = {
  ADDRESS_CHECKSUM: '地址与自身的校验和（EIP-55）不符，可能有字符写错。请向收款人重新索取。',
  ADDRESS_MALFORMED: '这不是地址。地址是 0x 加 40 位十六进制数字。',
  ADDRESS_OTHER_CHAIN: '这看起来是其他链的地址。',
  ASSET_NATIVE: '批次不能支付链的原生货币。',
  ASSET_NOT_FOUND: '没有这种资产。',
  CHAIN_UNSUPPORTED: '这条链上不能付款。',
  DESTINATIONS_MISSING: '收款人至少要有一种收款方式。',
  DESTINATION_DUPLICATE: '同一资产的同一地址已经填过。',
  IDEMPOTENCY_KEY_INVALID: '请求有误，请关闭后重试。',
  IDEMPOTENCY_KEY_REUSED: '之前的内容已经保存过。请关闭并在列表中查看。',
  NAME_INVALID: '名称应为一行，1 至 200 个字符。',
  NOT_FOUND: '找不到该收款人或组织。',
  PAYEE_ARCHIVED: '该收款人已归档，不能再修改。',
  RECIPIENT_FACTORY: '这是付款系统的合约，不能收款。',
  RECIPIENT_TOKEN: '这是代币自身的合约，付到那里的钱会丢失。',
  RECIPIENT_ZERO: '零地址不属于任何人，不能收款。',
  REFERENCE_INVALID: '编号应为 1 至 200 个可显示的字符。',
  REFERENCE_TAKEN: '另一位收款人已使用这个编号。',
  SHARES_NOT_ONE: '份额合计须正好为 100 %。',
  SHARE_INVALID: '份额应大于 0、不超过 100 %，最多 4 位小数。',
  TOO_MANY_DESTINATIONS: '收款方式过多。',
  TOO_MANY_PAYEES: '名册中的收款人已达上限。',
};

/** What is wrong, in the language of now: in English as the server says it. */
export function usePayeeFaultText(): (fault: PayeeFault) => string {
  const language = useLanguage();
  return ({ reason, message }) => {
    if (language !== 'zh' || reason === null) return message;
    // A newer server may know more reasons.
    return (TEXTS_ZH as Readonly<Record<string, string | undefined>>)[reason] ?? message;
  };
}
