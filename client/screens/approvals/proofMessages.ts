import { messages } from '../../i18n/messages.ts';

export const proofMessages = messages('approvalProof', {
  en: {
    title: 'What this page proves, and what it does not',
    close: 'Close',
    proves: 'What it shows',
    proves1:
      'The digest was rebuilt in your browser from the list of payouts, with contracts and tokens that are fixed in this page. Your wallet gets the rebuilt one, never the server’s.',
    proves2: 'Amounts, recipients and the total on this page are read from exactly what you sign.',
    proves3:
      'The transaction can do one thing only: fund and open this batch, or close it. Anything else is refused.',
    provesNot: 'What it cannot show by itself',
    provesNot1:
      'That the recipients are the right people. Somebody who controls the server could swap one in the list and in the bytes alike.',
    provesNot2: 'That this page is the real one: it, too, was sent by the server.',
    provesNot3: 'That the title, names, notes and marks are true: they are in no byte that you sign.',
    so: 'What to do about it',
    so1: 'Drop the file that you know to be right. The page then compares every row with what you sign.',
    so2: 'For large sums, compare the digest with a second person on another machine, or with your wallet’s own display.',
    so3: 'The file of payouts alone is enough to pay a batch that is open on chain, without this server: npm run execute.',
  },
  zh: {
    title: '此页面能证明什么，不能证明什么',
    close: '关闭',
    proves: '它能表明',
    proves1:
      '摘要由你的浏览器根据付款清单重建，合约和代币固定在此页面中。交给钱包的是重建的摘要，绝不是服务器给的。',
    proves2: '页面上的金额、收款地址和总额，都取自你将签署的内容本身。',
    proves3: '这笔交易只能做一件事：为该批次注资并开启，或将其关闭。其他任何内容都会被拒绝。',
    provesNot: '它自身无法表明',
    provesNot1: '收款地址确实属于正确的人。控制服务器的人可以在清单和字节中同时替换。',
    provesNot2: '此页面是真实的：它也来自服务器。',
    provesNot3: '标题、姓名、备注和标记是真实的：它们不在你签署的字节中。',
    so: '应当怎样做',
    so1: '拖入你确信无误的文件，页面会将每一行与你签署的内容比对。',
    so2: '金额较大时，请与另一台机器上的第二个人，或与钱包自身的显示核对摘要。',
    so3: '仅凭付款清单文件就能支付已在链上开启的批次，无需此服务器：npm run execute。',
  },
});
