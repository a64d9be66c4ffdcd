import { messages } from '../../i18n/messages.ts';

/** What can be done to a batch, said as it is before it is done. */
export const actionMessages = messages('batchAction', {
  en: {
    offline: 'There is no connection to the server.',
    keep: 'Leave it as it is',
    failed: 'The server could not be reached. Nothing is known to have been done; you can try again.',
    submit: 'Submit for approval',
    submitTitle: 'Submit this batch?',
    submitText:
      'The approvers of {{account}} are asked to sign one transaction that pays {{rows}} payouts, {{total}} in all. Nobody can change the rows after this.',
    submitNow: 'Submit {{total}}',
    cancel: 'Cancel the batch',
    cancelTitle: 'Cancel this batch?',
    cancel_DRAFT: 'The draft is put aside for good. Nothing was asked of anybody and nothing is paid.',
    cancel_PENDING_APPROVAL:
      'The approvers are asked no longer, and nothing is paid. If some of them have signed in another tool, the batch is “being cancelled” until the chain makes it certain.',
    cancel_APPROVED:
      'Enough approvers have signed, and a signature cannot be taken back: the batch is no longer sent from here, and stays “being cancelled” until its time to open has passed or its nonce is used. Until then the chain could still pay it, and what comes after it from this account waits. To stop it for a while, pause it instead.',
    cancel_EXECUTING:
      'It is being paid. What is delivered stays delivered. Nothing more is sent while the approvers are asked to close it early; once they have signed, what is still owed goes back to the account. What was sent before may still be paid.',
    cancelNow: 'Cancel it',
    closeNow: 'Ask the approvers to close it',
    retry: 'Pay the failed rows again',
    retryTitle: 'Pay the failed rows again?',
    retryText:
      'A new draft is made of exactly the {{rows}} payouts that were never delivered. Their money is back in the account, and nothing is paid before the new batch is approved.',
    retryNow: 'Make the draft',
    error_NOT_FOUND: 'This batch was not found.',
    error_BATCH_CANCELLED: 'The draft was cancelled meanwhile.',
    error_BATCH_ENDED: 'The batch has ended already.',
    error_NOTHING_OWED: 'Every payout is delivered: there is nothing left to stop.',
    error_TOO_MANY_LIVE_APPROVALS: 'The account has too many approvals under way. Decide some of them first.',
    error_BATCH_NOT_CLOSED: 'The batch is not closed in a final block yet: its rows may still be paid.',
    error_NOTHING_FAILED: 'Every payout of this batch was delivered.',
    error_ROW_RETRIED_ALREADY: 'Another batch pays these rows again already.',
    error_ACCOUNT_NOT_ACTIVE: 'The account cannot pay now.',
  },
  zh: {
    offline: '没有与服务器的连接。',
    keep: '保持原样',
    failed: '无法连接服务器，不确定是否已执行；可以重试。',
    submit: '提交审批',
    submitTitle: '提交此批次？',
    submitText:
      '将请 {{account}} 的审批人签署一笔交易，支付 {{rows}} 笔付款，合计 {{total}}。提交后任何人都无法更改明细。',
    submitNow: '提交 {{total}}',
    cancel: '取消批次',
    cancelTitle: '取消此批次？',
    cancel_DRAFT: '草稿将永久作废。没有向任何人提出请求，也不会付款。',
    cancel_PENDING_APPROVAL:
      '不再请审批人签署，也不会付款。如果有人已在其他工具中签名，批次将显示“正在取消”，直到链上确定为止。',
    cancel_APPROVED:
      '签名已足够，而签名无法收回：此处不再发送该批次，但在上链时限过去或其 nonce 被使用之前，它保持“正在取消”。在此之前，链仍可能支付它，该账户之后的交易也需等待。如只需暂时停止，请改用暂停。',
    cancel_EXECUTING:
      '正在付款。已送达的不会撤回。将请审批人签署提前关闭，在他们决定之前不再发送付款；签署后，尚未支付的金额退回账户。此前已发送的仍可能支付。',
    cancelNow: '取消批次',
    closeNow: '请审批人关闭',
    retry: '重新支付失败的付款',
    retryTitle: '重新支付失败的付款？',
    retryText: '将用未送达的 {{rows}} 笔付款原样创建一份新草稿。资金已退回账户；新批次获批之前不会付款。',
    retryNow: '创建草稿',
    error_NOT_FOUND: '找不到此批次。',
    error_BATCH_CANCELLED: '草稿已被取消。',
    error_BATCH_ENDED: '批次已经结束。',
    error_NOTHING_OWED: '所有付款均已送达，没有可停止的内容。',
    error_TOO_MANY_LIVE_APPROVALS: '该账户进行中的审批过多，请先处理一部分。',
    error_BATCH_NOT_CLOSED: '批次尚未在最终区块中关闭，其付款仍可能送达。',
    error_NOTHING_FAILED: '此批次的付款均已送达。',
    error_ROW_RETRIED_ALREADY: '另一批次已在重新支付这些付款。',
    error_ACCOUNT_NOT_ACTIVE: '该账户目前无法付款。',
  },
});
