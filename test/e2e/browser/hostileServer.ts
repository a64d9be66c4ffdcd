import type { Page, Route } from 'playwright-core';
import { sentOperation } from './sentOperation.ts';

/** What an API that lies says in place of the truth; nothing of it for an honest one. */
export type Lie = {
  /** Changes the answer that an approval's page is made of. */
  approval?(approval: ServedApproval): void;
  /** What the manifest's address hands out. */
  manifestText?: string;
  /** Changes a payout wherever one is listed. */
  payout?(payout: ServedPayout): void;
  /** Makes another text of the one that is handed out to be signed for signing in. */
  signInText?(honest: string): string;
};
export type ServedApproval = {
  signingRequest: { digest: string; typedData: unknown; manifest: { sha256: string } };
  subject: { total: { units: string } };
};
export type ServedPayout = { index: number; recipient: string; amount: { units: string } };

type Answer = { data?: Record<string, unknown> };

/** Stands between a page and its server: everything passes, but for what the lie of the moment changes. */
export type HostileServer = {
  tell(lie: Lie): void;
  /** The operations that the page has sent, by name, since the last lie. */
  sent: readonly string[];
};

export async function standBetween(page: Page): Promise<HostileServer> {
  let lie: Lie = {};
  const sent: string[] = [];
  await page.route('**/graphql', async (route) => {
    const name = sentOperation(route.request());
    sent.push(name);
    if (!/^(Approval(Detail|ListedPayouts)|SignInChallenge)$/.test(name)) return route.continue();
    await alter(route, lie);
  });
  await page.route('**/manifests/*', (route) =>
    lie.manifestText === undefined ? route.continue() : route.fulfill({ body: lie.manifestText }),
  );
  return {
    sent,
    tell: (next) => {
      lie = next;
      sent.length = 0;
    },
  };
}

async function alter(route: Route, { approval, payout, signInText }: Lie): Promise<void> {
  const response = await route.fetch();
  const answer = (await response.json()) as Answer;
  const data = (answer.data ?? {}) as {
    approval?: ServedApproval;
    sessionChallengeCreate?: { message: string };
  };
  if (data.approval !== undefined) approval?.(data.approval);
  if (payout !== undefined) for (const listed of payoutsIn(data)) payout(listed);
  if (signInText !== undefined && data.sessionChallengeCreate !== undefined)
    data.sessionChallengeCreate.message = signInText(data.sessionChallengeCreate.message);
  await route.fulfill({ response, json: answer });
}

/** Every payout that an answer lists, wherever it does. */
function payoutsIn(value: unknown): ServedPayout[] {
  if (typeof value !== 'object' || value === null) return [];
  const within = Object.values(value).flatMap(payoutsIn);
  return 'recipient' in value && 'index' in value ? [value as ServedPayout, ...within] : within;
}
