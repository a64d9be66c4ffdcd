import { useLanguage } from '../../i18n/language.ts';
import { useMessages } from '../../i18n/messages.ts';
import { batchMessages } from './messages.ts';

type BlockerKey = Extract<(typeof batchMessages)['keys'][number], `blocker_${string}`>;
type Blocker = { code: string; message: string };

/**
 * Why a batch does not move, in words. The server says it with the facts, in English: that is `detail`, where the chosen
 * language has words of its own.
 */
export function useBlockerText(): (blocker: Blocker) => { text: string; detail: string | null } {
  const t = useMessages(batchMessages);
  const language = useLanguage();
  return ({ code, message }) => {
    if (language === 'en') return { text: message, detail: null };
    const key = `blocker_${code}` as BlockerKey;
    const isKnown = (batchMessages.keys as readonly string[]).includes(key);
    return { text: t(isKnown ? key : 'blocker_unknown'), detail: message };
  };
}
