import { useClient } from 'urql';
import {
  PauseAccountDocument,
  PauseBatchDocument,
  PauseChainDocument,
  ResumeAccountDocument,
  ResumeBatchDocument,
  ResumeChainDocument,
} from '../../generated/screens/pauses/pauses.ts';
import type { Pausable } from './pauseTypes.ts';
import type { UnderWay } from './whatIsUnderWay.ts';

type Answered = {
  readonly underWay?: UnderWay;
  readonly userErrors: readonly { code: string; message: string; path: readonly string[] | null }[];
};

/** Pauses and resumes; each can be sent again: what is paused or not stays so. */
export function usePauses() {
  const client = useClient();
  const pause = async (subject: Pausable, reason: string) => {
    switch (subject.scope) {
      case 'PAYOUT_BATCH': {
        const input = { payoutBatchId: subject.id, reason };
        const { data, error } = await client.mutation(PauseBatchDocument, { input }).toPromise();
        return answer(data?.payoutBatchPause, error);
      }
      case 'ACCOUNT': {
        const input = { accountId: subject.id, reason };
        const { data, error } = await client.mutation(PauseAccountDocument, { input }).toPromise();
        return answer(data?.accountPause, error);
      }
      case 'CHAIN': {
        const input = { organizationId: subject.organizationId, chainId: subject.id, reason };
        const { data, error } = await client.mutation(PauseChainDocument, { input }).toPromise();
        return answer(data?.chainPause, error);
      }
    }
  };
  const resume = async (subject: Pausable) => {
    switch (subject.scope) {
      case 'PAYOUT_BATCH': {
        const input = { payoutBatchId: subject.id };
        const { data, error } = await client.mutation(ResumeBatchDocument, { input }).toPromise();
        return answer(data?.payoutBatchResume, error);
      }
      case 'ACCOUNT': {
        const input = { accountId: subject.id };
        const { data, error } = await client.mutation(ResumeAccountDocument, { input }).toPromise();
        return answer(data?.accountResume, error);
      }
      case 'CHAIN': {
        const input = { organizationId: subject.organizationId, chainId: subject.id };
        const { data, error } = await client.mutation(ResumeChainDocument, { input }).toPromise();
        return answer(data?.chainResume, error);
      }
    }
  };
  return { pause, resume };
}

const NOTHING: UnderWay = { payoutCount: 0, transactionCount: 0 };

function answer<Failure>(payload: Answered | null | undefined, error: Failure) {
  return { error, faults: payload?.userErrors, underWay: payload?.underWay ?? NOTHING };
}
