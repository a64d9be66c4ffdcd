import { messages } from '../../i18n/messages.ts';

export const sourceMessages = messages('source', {
  en: {
    noAccount: 'There is no account to pay from yet',
    toAccounts: 'To the accounts',
    available: '{{amount}} available',
  },
  zh: {
    noAccount: '还没有可以付款的账户',
    toAccounts: '前往账户',
    available: '可用 {{amount}}',
  },
});
