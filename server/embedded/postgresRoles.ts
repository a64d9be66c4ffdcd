/** The role that owns the tables; migrations run as it. */
export const OWNER_ROLE = 'protocol_banks_owner';
/** The role that the processes connect as; it owns nothing. */
export const APP_ROLE = 'protocol_banks_app';
