// Which development account plays whom.

/** They own every Safe. */
export const APPROVERS = [1, 2, 3];
/** How many of them must sign. */
export const THRESHOLD = 2;
/** Mints what the accounts pay with. */
export const MINTER = 4;
/** Has the token block recipients and let them go. */
export const TOKEN_OWNER = 4;
/** Executes other people's chunks. */
export const STRANGER = 5;
/** Pays the gas of what the owners do elsewhere. */
export const OWNERS_OTHER_TOOL = 6;
/** The keys that relay, the first one first. */
export const RELAYERS = [9, 8, 7];
