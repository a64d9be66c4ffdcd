import type { SafeFault as SafeFaultRow } from '../../core/safeFaults.ts';
import type { InspectionRow } from '../../resolvers/account/loadInspections.ts';
import { builder } from '../builder.ts';

export const SafeFaultCode = builder.enumType('SafeFaultCode', {
  description: 'Why a Safe cannot be an account here, or cannot pay any longer. There may be more with time.',
  values: {
    NO_CODE: { description: 'No contract stands at the address.' },
    PROXY_UNKNOWN: { description: 'The contract at the address is not the proxy that Safe’s factory makes.' },
    SINGLETON_UNKNOWN: {
      description:
        'The proxy delegates to a contract whose address or code is not that of a known Safe version.',
    },
    NOT_SET_UP: { description: 'It has no owners: nobody set it up, and anybody still could.' },
    TOO_MANY_OWNERS: { description: 'It has more owners than an account can have.' },
    NO_KNOWN_OWNER: {
      description:
        'None of its owners is a key of a member of the organization, so nobody here could approve anything.',
    },
    MODULE_ENABLED: {
      description: 'A module is enabled: it can move the money without any owner’s signature.',
    },
    MODULES_UNREADABLE: { description: 'Its list of modules is too long or has no end.' },
    GUARD_SET: { description: 'A guard is set: it decides on chain which transactions are executed.' },
    FALLBACK_HANDLER_UNKNOWN: {
      description: 'Calls that the Safe does not know go to a contract that is not Safe’s own handler.',
    },
    STORAGE_UNKNOWN: {
      description:
        'Its storage holds something that its lists do not show, such as a module or an owner hidden from them; or a message signed, or a transaction approved by a contract, on chain.',
    },
    STORAGE_UNPROVEN: {
      description:
        'The chain’s node does not prove what its storage holds. Only of a Safe that is to be adopted: it stays OPENING and is read again.',
    },
  } as const,
});

export const SafePart = builder.enumType('SafePart', {
  description: 'What of a Safe can change on chain.',
  values: {
    SINGLETON: { description: 'The contract whose code it runs.' },
    OWNERS: { description: 'Who must sign.' },
    THRESHOLD: { description: 'How many of them must.' },
    MODULES: { description: 'The modules that are enabled.' },
    GUARD: { description: 'The guard.' },
    FALLBACK_HANDLER: { description: 'The handler of calls that it does not know.' },
  } as const,
});

export const SafeFault = builder.objectRef<SafeFaultRow>('SafeFault').implement({
  description: 'Something about a Safe that keeps it from being an account, or an account from paying.',
  fields: (t) => ({
    code: t.expose('code', { type: SafeFaultCode, description: 'What it is, for programs.' }),
    message: t.exposeString('message', {
      description: 'What it is and what would mend it, for people. It names the address at fault.',
    }),
  }),
});

export const SafeInspection = builder.objectRef<InspectionRow>('SafeInspection').implement({
  description:
    'What a Safe is made of, as its storage said at a block: its code and that of what it delegates to are compared with pinned hashes.',
  fields: (t) => ({
    singleton: t.expose('singleton', {
      type: 'Address',
      description: 'The contract whose code it runs; the zero address where there is none.',
    }),
    version: t.exposeString('version', {
      nullable: true,
      description: 'The Safe version that the singleton is known to be; null where it is unknown.',
    }),
    owners: t.expose('owners', {
      type: ['Address'],
      description:
        'Its owners in the chain’s order, whether known here or not; empty where they cannot be read.',
    }),
    modules: t.expose('modules', {
      type: ['Address'],
      description: 'Enabled modules, at most 20: each can move the money without signatures.',
    }),
    guard: t.expose('guard', {
      type: 'Address',
      nullable: true,
      description: 'The contract that is asked about each transaction; null where there is none.',
    }),
    fallbackHandler: t.expose('fallbackHandler', {
      type: 'Address',
      nullable: true,
      description: 'Where calls go that the Safe does not know; null where they go nowhere.',
    }),
    faults: t.field({
      type: [SafeFault],
      description:
        'Why it cannot be an account; of an active account: why nothing can be submitted from it. Empty when all is well.',
      resolve: ({ faults }) => [...faults],
    }),
    blockNumber: t.expose('blockNumber', {
      type: 'BigInt',
      description: 'The block at which it was read last.',
    }),
  }),
});
