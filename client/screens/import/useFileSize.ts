import { useMemo } from 'react';
import { useLanguage } from '../../i18n/language.ts';

const UNITS = ['byte', 'kilobyte', 'megabyte'] as const;
const STEP = 1024;

/** Bytes as people write them: "1.4 MB". */
export function useFileSize(): (bytes: number) => string {
  const language = useLanguage();
  return useMemo(() => {
    const formats = UNITS.map(
      (unit) =>
        new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en', {
          style: 'unit',
          unit,
          unitDisplay: unit === 'byte' ? 'long' : 'short',
          maximumFractionDigits: 1,
        }),
    );
    return (bytes) => {
      const power = bytes < STEP ? 0 : bytes < STEP ** 2 ? 1 : 2;
      return formats[power]?.format(bytes / STEP ** power) ?? '';
    };
  }, [language]);
}
