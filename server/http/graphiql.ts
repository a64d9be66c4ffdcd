import type { GraphiQLOptions } from 'graphql-yoga';

const CHALLENGE = `# The quick way here: npm run sign-in -- Alice, and paste what it prints into the Headers pane.
# What a client does: 1. ask for a message, 2. sign it with the wallet (personal_sign), 3. hand both in: the next tab.
mutation Challenge {
  sessionChallengeCreate(input: { address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", chainId: 31337 }) {
    message
    expiresAt
    userErrors { code message path }
  }
}
`;

const SIGN_IN = `# The message of the tab before, and the wallet's signature of it.
mutation SignIn($message: String!, $signature: Hex!) {
  sessionCreate(input: { message: $message, signature: $signature }) {
    token
    viewer { user { displayName } memberships { organization { id name } roles } }
    userErrors { code message path }
  }
}
`;

const OVERVIEW = `# Who am I, and what is there? First sign in: run npm run sign-in -- Alice in a terminal, and paste the line
# that it prints into the Headers pane below.
query Overview {
  viewer {
    user { displayName signers { id address } }
    memberships {
      roles
      organization {
        id
        name
        eventCursor
        accounts {
          edges { node {
            id
            name
            status
            address
            threshold
            balances { edges { node { total { amount asset { symbol } } available { amount } asOfBlock } } }
          } }
        }
        payoutBatches(first: 5) {
          edges { node { id title status total { amount asset { symbol } } progress { pending submitted included confirmed final undelivered failed } } }
        }
      }
    }
  }
  chains { id caip2 name head finalHead lag }
}
`;

const APPROVALS = `# What waits for me, and what would I sign?
query AwaitingMe($organizationId: ID!) {
  organization(id: $organizationId) {
    approvals(awaitingViewer: true) {
      edges { node {
        id
        kind
        status
        expiresAt
        intent { summary lines { label value } warnings { code message } }
        signingRequest { digest manifest { url sha256 byteSize } }
        decisions { signerAddress verdict decidedAt }
      } }
    }
  }
}
`;

const SUBMIT = `# Ask the approvers for a draft: Overview lists the batches, and npm run payroll -- examples/payroll-10.csv makes one.
mutation Submit($payoutBatchId: ID!) {
  payoutBatchSubmit(input: { payoutBatchId: $payoutBatchId }) {
    payoutBatch {
      status
      blocker { code message }
      approvals(last: 1) { edges { node { id expiresAt signingRequest { digest manifest { url } } } } }
    }
    userErrors { code message path }
  }
}
`;

const GRANT = `# Hand in a signature (eth_signTypedData_v4) of the digest that you rebuilt from the manifest yourself.
mutation Grant($approvalId: ID!, $signerId: ID!, $signature: Hex!) {
  approvalGrant(input: { approvalId: $approvalId, signerId: $signerId, signature: { wallet: $signature } }) {
    approval { status threshold decisions { signerAddress verdict } }
    userErrors { code message path }
  }
}
`;

const WATCH = `# What happens from now on in the whole organization. With "after", a cursor of before: all since then, nothing
# skipped, nothing twice. The organization's id is in Overview's answer; then: npm run payroll -- examples/payroll-10.csv
subscription Watch($organizationId: ID!, $after: EventCursor) {
  events(organizationId: $organizationId, after: $after) {
    cursor
    type
    occurredAt
    ... on PayoutsChanged {
      payoutBatch { title status progress { pending submitted included confirmed final } }
      changes { firstIndex lastIndex status }
    }
  }
}
`;

/** GraphiQL with examples that work against the demonstration organization. */
export const GRAPHIQL_OPTIONS: GraphiQLOptions = {
  title: 'Protocol Banks',
  credentials: 'same-origin',
  // Over server-sent events the Headers pane counts for subscriptions, too.
  subscriptionsProtocol: 'SSE',
  shouldPersistHeaders: false,
  inputValueDeprecation: true,
  defaultTabs: [
    { query: OVERVIEW },
    { query: CHALLENGE },
    { query: SIGN_IN, variables: '{ "message": "", "signature": "0x" }' },
    { query: SUBMIT, variables: '{ "payoutBatchId": "" }' },
    { query: APPROVALS, variables: '{ "organizationId": "" }' },
    { query: GRANT, variables: '{ "approvalId": "", "signerId": "", "signature": "0x" }' },
    { query: WATCH, variables: '{ "organizationId": "", "after": null }' },
  ],
};
