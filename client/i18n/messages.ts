import i18next from 'i18next';
import { useCallback } from 'react';
import { useLanguage } from './language.ts';

type Texts = Readonly<Record<string, string>>;
/** Both languages have the same keys, or it does not compile. */
export type Messages<Key extends string> = { readonly namespace: string; readonly keys: readonly Key[] };
type Values = Readonly<Record<string, string | number>>;
/** `t('key', { name: 'Alice' })` fills `{{name}}`; with `count`, `key_one` and `key_other` are told apart. */
export type Translate<Key extends string> = (key: BaseKey<Key>, values?: Values) => string;
export type BaseKey<Key extends string> = Key extends `${infer Base}_one` | `${infer Base}_other`
  ? Base
  : Key;

/** Declares the texts of one part of the client. Chinese needs no plural: `key_other` serves it. */
export function messages<English extends Texts>(
  namespace: string,
  texts: { en: English; zh: Record<Exclude<keyof English, `${string}_one`>, string> },
): Messages<Extract<keyof English, string>> {
  i18next.addResourceBundle('en', namespace, texts.en);
  i18next.addResourceBundle('zh', namespace, texts.zh);
  return { namespace, keys: Object.keys(texts.en) as Extract<keyof English, string>[] };
}

/** The texts in the language of now; components that use it are drawn anew when that changes. */
export function useMessages<Key extends string>({ namespace }: Messages<Key>): Translate<Key> {
  const language = useLanguage();
  return useCallback(
    (key, values = {}) => i18next.t(key, { ns: namespace, lng: language, ...values }),
    [namespace, language],
  );
}
