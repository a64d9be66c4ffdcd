import { Button, Center, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { LiveContent } from '../../components/LiveContent.tsx';
import type { ApprovalStatus } from '../../generated/operationTypes.ts';
import { ApprovalInboxDocument } from '../../generated/screens/approvals/approvals.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { LiveEvent } from '../../live/LiveProvider.tsx';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { ApprovalCard } from './ApprovalCard.tsx';
import { approvalMessages } from './messages.ts';

const PAGE_SIZE = 10;

type ApprovalPageProps = {
  /** True: what the viewer can decide now; false: everything else. */
  isMine: boolean;
  status: readonly ApprovalStatus[] | null;
  /** The position of the page before; null for the first. */
  after: string | null;
  empty: ReactNode;
};

/** One page of approvals, and below it the next where it is asked for. */
export function ApprovalPage({ isMine, status, after, empty }: ApprovalPageProps) {
  const t = useMessages(approvalMessages);
  const { organization } = useOrganization();
  const [isMoreShown, setMoreShown] = useState(false);
  const result = useLiveQuery({
    query: ApprovalInboxDocument,
    variables: {
      organizationId: organization.id,
      awaitingViewer: isMine,
      status: status?.slice() ?? null,
      first: PAGE_SIZE,
      after,
    },
    concerns: isAboutApprovals,
  });
  return (
    <LiveContent result={result} select={(data) => data.organization?.approvals}>
      {({ edges, pageInfo }) =>
        edges.length === 0 && after === null ? (
          empty
        ) : (
          <Stack gap="sm">
            {edges.map(({ node }) => (
              <ApprovalCard key={node.id} approval={node} isMine={isMine} />
            ))}
            {pageInfo.hasNextPage && isMoreShown && (
              <ApprovalPage isMine={isMine} status={status} after={pageInfo.endCursor} empty={null} />
            )}
            {pageInfo.hasNextPage && !isMoreShown && (
              <Center>
                <Button variant="default" onClick={() => setMoreShown(true)}>
                  {t('more')}
                </Button>
              </Center>
            )}
          </Stack>
        )
      }
    </LiveContent>
  );
}

/** What is to be decided, by whom, and what holds it. */
function isAboutApprovals({ type }: LiveEvent): boolean {
  return /^(APPROVAL|PAYOUT_BATCH|TRANSFER|ACCOUNT|MEMBER|ORGANIZATION)/.test(type);
}
