import type { ListedPayeeFragment } from '../../generated/operationTypes.ts';

export type ListedPayee = ListedPayeeFragment;
