import { messages } from '../../i18n/messages.ts';

export const signInMessages = messages('signIn', {
  en: {
    title: 'Sign in',
    lead: 'Pay people, vendors and machines in stablecoins. Approvers alone move the money; you watch each payment become final.',
    ending:
      'You are signed out in this browser. The server could not be told: it ends your session as soon as there is a connection.',
    wallets: 'With a wallet of this browser',
    noWallets:
      'No wallet was found in this browser. Install one that announces itself (EIP-6963), or open a sign-in link of the demonstration.',
    connect: 'Sign in with {{name}}',
    demonstration: 'Signing in with a demonstration key …',
    demonstrationHint: 'The key was taken from the link and stays in this tab.',
    what: 'You sign a text that names this site; it moves no money and pays no fee.',
    refused: 'You declined in the wallet.',
    failed: 'Signing in failed: {{why}}',
  },
  zh: {
    title: '登录',
    lead: '用稳定币向员工、供应商和机器付款。只有审批人能动用资金，每笔付款直到最终都看得见。',
    ending: '你已在此浏览器中退出登录。目前无法通知服务器，一旦恢复连接，会话就会在服务器上结束。',
    wallets: '使用浏览器中的钱包',
    noWallets: '此浏览器中没有找到钱包。请安装支持 EIP-6963 的钱包，或打开演示登录链接。',
    connect: '用 {{name}} 登录',
    demonstration: '正在用演示密钥登录…',
    demonstrationHint: '密钥取自链接，只留在此标签页中。',
    what: '你签署的是一段写明本站的文字，不动用资金，也没有费用。',
    refused: '你在钱包中拒绝了。',
    failed: '登录失败：{{why}}',
  },
});
