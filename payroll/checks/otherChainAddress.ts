const BASE58 = '[1-9A-HJ-NP-Za-km-z]';
const BECH32 = '[02-9ac-hj-np-z]';

// Most telling first: a Bitcoin or Tron address is also base58 of a length that a Solana address could have.
const FORMS: readonly { name: string; form: RegExp }[] = [
  { name: 'a Tron', form: new RegExp(`^T${BASE58}{33}$`) },
  { name: 'a Bitcoin', form: new RegExp(`^(bc1|tb1)${BECH32}{11,87}$`, 'i') },
  { name: 'a Bitcoin', form: new RegExp(`^[13]${BASE58}{25,33}$`) },
  { name: 'a Litecoin', form: new RegExp(`^ltc1${BECH32}{11,87}$`, 'i') },
  { name: 'an XRP Ledger', form: new RegExp(`^r${BASE58}{24,34}$`) },
  { name: 'a Stellar', form: /^G[A-Z2-7]{55}$/ },
  { name: 'a TON', form: /^[EUk0]Q[\w-]{46}$/ },
  { name: 'a Cardano', form: new RegExp(`^addr1${BECH32}{50,110}$`) },
  { name: 'a Cosmos', form: new RegExp(`^[a-z]{2,12}1${BECH32}{38,58}$`) },
  { name: 'a Solana', form: new RegExp(`^${BASE58}{32,44}$`) },
];

/**
 * Which other kind of chain a text looks like an address of ("a Solana"), or null. A guess by form, for the message
 * alone: whatever is no address of this chain is refused either way.
 */
export function otherChainAddress(text: string): string | null {
  return FORMS.find(({ form }) => form.test(text))?.name ?? null;
}
