// Every operation that the payroll command sends to the public API.

export const IMPORT = /* GraphQL */ `
  mutation PayrollImport($input: PayoutBatchImportInput!) {
    payoutBatchImport(input: $input) {
      payoutBatch { id status }
      issues { row column value code severity message }
      issueCount
      replayed
      userErrors { code message path }
    }
  }
`;

export const SUBMIT = /* GraphQL */ `
  mutation PayrollSubmit($input: PayoutBatchSubmitInput!) {
    payoutBatchSubmit(input: $input) { payoutBatch { id } userErrors { code message path } }
  }
`;

export const BATCH = /* GraphQL */ `
  query PayrollBatch($id: ID!) {
    payoutBatch(id: $id) {
      id
      status
      payoutCount
      asset { symbol decimals address }
      account { address threshold approvers { id address } }
      progress { pending submitted included confirmed final undelivered failed }
      approvals(last: 1) {
        edges {
          node {
            id
            kind
            status
            decisions { signer { address } verdict }
            signingRequest { digest typedData manifest { url sha256 byteSize } }
          }
        }
      }
    }
  }
`;

export const PAYOUTS = /* GraphQL */ `
  query PayrollPayouts($id: ID!, $fromIndex: Int!, $first: Int!) {
    payoutBatch(id: $id) {
      payouts(fromIndex: $fromIndex, first: $first) { edges { node { index recipient amount { units } } } }
    }
  }
`;

export const GRANT = /* GraphQL */ `
  mutation PayrollGrant($input: ApprovalGrantInput!) {
    approvalGrant(input: $input) { approval { status } userErrors { code message path } }
  }
`;

export const SIGNERS = /* GraphQL */ `
  query PayrollSigners { viewer { user { signers { id address } } } }
`;

export const WATCH = /* GraphQL */ `
  subscription PayrollWatch($id: ID!, $after: EventCursor) {
    payoutBatchUpdated(payoutBatchId: $id, after: $after) {
      cursor
      kind
      status
      progress { pending submitted included confirmed final undelivered failed }
    }
  }
`;

export const BLOCKER = /* GraphQL */ `
  query PayrollBlocker($id: ID!) { payoutBatch(id: $id) { blocker { message } } }
`;

export const TRANSACTIONS = /* GraphQL */ `
  query PayrollTransactions($id: ID!, $after: String) {
    payoutBatch(id: $id) {
      transactions(first: 100, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } }
    }
  }
`;

export type Progress = {
  pending: number;
  submitted: number;
  included: number;
  confirmed: number;
  final: number;
  undelivered: number;
  failed: number;
};

export type ImportAnswer = {
  payoutBatchImport: {
    payoutBatch: { id: string; status: string } | null;
    issues: ImportIssue[];
    issueCount: number;
    replayed: boolean;
    userErrors: { code: string; message: string; path: string[] | null }[];
  };
};
export type ImportIssue = {
  row: number;
  column: string | null;
  value: string | null;
  code: string;
  severity: 'ERROR' | 'WARNING';
  message: string;
};

export type Approval = {
  id: string;
  kind: string;
  status: string;
  decisions: { signer: { address: string } | null; verdict: string }[];
  signingRequest: {
    digest: string;
    typedData: { message: { nonce: string | number } };
    manifest: { url: string; sha256: string; byteSize: number };
  };
};
export type BatchAnswer = {
  payoutBatch: {
    id: string;
    status: string;
    payoutCount: number;
    asset: { symbol: string; decimals: number; address: string };
    account: { address: string; threshold: number; approvers: { id: string; address: string }[] };
    progress: Progress;
    approvals: { edges: { node: Approval }[] };
  } | null;
};
export type WatchAnswer = {
  payoutBatchUpdated: { cursor: string; kind: string; status: string; progress: Progress };
};
export type BlockerAnswer = { payoutBatch: { blocker: { message: string } | null } | null };
