import { useMemo } from 'react';
import { useLanguage } from '../../i18n/language.ts';

/** Says a day (`YYYY-MM-DD`, in UTC) as people of the chosen language do, wherever they are. */
export function useDayText(): (day: string) => string {
  const language = useLanguage();
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en', {
      month: 'short',
      day: 'numeric',
      timeZone: 'UTC',
    });
    return (day) => format.format(new Date(day));
  }, [language]);
}
