import i18next from 'i18next';
import { useSyncExternalStore } from 'react';

export const LANGUAGES = { en: 'English', zh: '中文' } as const;
export type Language = keyof typeof LANGUAGES;

const STORAGE_KEY = 'language';

await i18next.init({
  lng: initialLanguage(),
  fallbackLng: 'en',
  resources: {},
  // React escapes what it shows.
  interpolation: { escapeValue: false },
  returnNull: false,
});
tellDocument(currentLanguage());

export function currentLanguage(): Language {
  return i18next.language === 'zh' ? 'zh' : 'en';
}

/** Shows everything in another language, now and on the next visit. */
export async function chooseLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
  tellDocument(language);
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // No storage: until the tab is closed.
  }
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentLanguage);
}

function subscribe(changed: () => void): () => void {
  i18next.on('languageChanged', changed);
  return () => i18next.off('languageChanged', changed);
}

function initialLanguage(): Language {
  try {
    const chosen = localStorage.getItem(STORAGE_KEY);
    if (chosen === 'en' || chosen === 'zh') return chosen;
  } catch {
    // No storage: as the browser says.
  }
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('zh')) ? 'zh' : 'en';
}

function tellDocument(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}
