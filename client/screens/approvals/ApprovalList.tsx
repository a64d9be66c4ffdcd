import type { ReactNode } from 'react';
import { PagedList } from '../../components/PagedList.tsx';
import { usePages } from '../../components/usePages.ts';
import type { ApprovalStatus } from '../../generated/operationTypes.ts';
import { ApprovalInboxDocument } from '../../generated/screens/approvals/approvals.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { LiveEvent } from '../../live/LiveProvider.tsx';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { ApprovalCard } from './ApprovalCard.tsx';
import { approvalMessages } from './messages.ts';

const PAGE_SIZE = 10;

type ApprovalListProps = {
  /** True: what the viewer can decide now; false: everything else. */
  isMine: boolean;
  status: readonly ApprovalStatus[] | null;
  empty: ReactNode;
};

/** Approvals as far as they are asked for. */
export function ApprovalList({ isMine, status, empty }: ApprovalListProps) {
  const t = useMessages(approvalMessages);
  const { organization } = useOrganization();
  const pages = usePages({
    query: ApprovalInboxDocument,
    variables: {
      organizationId: organization.id,
      awaitingViewer: isMine,
      status: status?.slice() ?? null,
    },
    pageSize: PAGE_SIZE,
    select: (data) => data.organization?.approvals,
    keyOf: ({ id }) => id,
    concerns: isAboutApprovals,
  });
  return (
    <PagedList pages={pages} more={t('more')} empty={empty}>
      {({ nodes }) => nodes.map((node) => <ApprovalCard key={node.id} approval={node} isMine={isMine} />)}
    </PagedList>
  );
}

/** What is to be decided, by whom, and what holds it. */
function isAboutApprovals({ type }: LiveEvent): boolean {
  return /^(APPROVAL|PAYOUT_BATCH|TRANSFER|ACCOUNT|CHAIN|MEMBER|ORGANIZATION)/.test(type);
}
