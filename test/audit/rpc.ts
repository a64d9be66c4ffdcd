// Raw JSON-RPC: what the audit believes comes from the node's answers and nothing else.

const CALLS_PER_REQUEST = 500;

export type Call = { method: string; params: readonly unknown[] };

type Answer = { id: number; result?: unknown; error?: { message: string } };

/** The results of calls, in their order. @throws when the node answers one of them with an error or not at all */
export async function ask<Result>(url: string, calls: readonly Call[]): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < calls.length; start += CALLS_PER_REQUEST) {
    const page = calls.slice(start, start + CALLS_PER_REQUEST);
    const body = page.map((call, id) => ({ jsonrpc: '2.0', id, ...call }));
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answers = new Map(((await response.json()) as Answer[]).map((answer) => [answer.id, answer]));
    for (const [id, { method }] of page.entries()) {
      const answer = answers.get(id);
      if (answer?.result === undefined)
        throw new Error(`The node did not answer ${method}: ${answer?.error?.message}`);
      results.push(answer.result as Result);
    }
  }
  return results;
}

/** eth_call of each at a block: the returned bytes, as hexadecimal text. */
export function askContracts(
  url: string,
  calls: readonly { to: string; data: string }[],
  block: string,
): Promise<string[]> {
  return ask<string>(
    url,
    calls.map((call) => ({ method: 'eth_call', params: [call, block] })),
  );
}

export function toHex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}
