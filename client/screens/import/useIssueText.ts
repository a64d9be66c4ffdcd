import { useLanguage } from '../../i18n/language.ts';
import type { ImportIssue } from './importTypes.ts';
import { issueTextZh } from './issueTextZh.ts';

/** What is wrong and how to mend it, in the language of now: in English as the server says it. */
export function useIssueText(): (issue: ImportIssue) => string {
  const language = useLanguage();
  return language === 'zh' ? issueTextZh : ({ message }) => message;
}
