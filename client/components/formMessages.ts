import { messages } from '../i18n/messages.ts';

export const formMessages = messages('form', {
  en: { cancel: 'Cancel', close: 'Close' },
  zh: { cancel: '取消', close: '关闭' },
});
