import { describe, expect, it, vi } from 'vitest';
import { type LoadedPage, PAGE_ROWS, PayoutPages } from './payoutPages.ts';

type Row = { index: number; status: string };

/** A batch whose rows can be changed, and what was asked of it. */
function source(count: number, isShown: (row: Row) => boolean = () => true) {
  const rows: Row[] = Array.from({ length: count }, (_, index) => ({ index, status: 'PENDING' }));
  const asked: number[] = [];
  const aborted: number[] = [];
  const load = async (fromIndex: number, signal: AbortSignal): Promise<LoadedPage<Row>> => {
    asked.push(fromIndex);
    signal.addEventListener('abort', () => aborted.push(fromIndex));
    const found = rows.filter((row) => row.index >= fromIndex && isShown(row));
    await Promise.resolve();
    return {
      rows: found.slice(0, PAGE_ROWS).map((row) => ({ ...row })),
      hasNextPage: found.length > PAGE_ROWS,
    };
  };
  return { rows, asked, aborted, load };
}

const until = (condition: () => unknown) => expect.poll(condition, { interval: 5 }).toBeTruthy();

describe('PayoutPages', () => {
  it('reads what is looked at, and nothing else', async () => {
    const batch = source(1_000);
    const pages = new PayoutPages<Row>({ rowCount: 1_000, load: batch.load });
    expect(pages.count).toBe(1_000);
    pages.show(250, 310);
    await until(() => pages.row(310));
    expect(batch.asked).toEqual([200, 300]);
    expect(pages.row(250)?.index).toBe(250);
    expect(pages.row(0)).toBeUndefined();
  });

  it('does not ask for what was only scrolled past', async () => {
    const batch = source(100_000);
    const pages = new PayoutPages<Row>({ rowCount: 100_000, load: batch.load });
    for (let position = 0; position < 90_000; position += 500) pages.show(position, position + 20);
    pages.show(90_000, 90_020);
    await until(() => pages.row(90_000));
    expect(batch.asked).toEqual([90_000]);
  });

  it('gives up reading what is no longer looked at', async () => {
    const batch = source(1_000);
    const stuck = new PayoutPages<Row>({
      rowCount: 1_000,
      load: (from, signal) => {
        const answer = batch.load(from, signal);
        return from === 0 ? new Promise(() => {}) : answer;
      },
    });
    stuck.show(0, 20);
    await until(() => batch.asked.length === 1);
    stuck.show(500, 520);
    await until(() => stuck.row(500));
    expect(batch.aborted).toEqual([0]);
  });

  it('keeps a bounded number of pages', async () => {
    const batch = source(20_000);
    const pages = new PayoutPages<Row>({ rowCount: 20_000, load: batch.load });
    for (let page = 0; page < 45; page += 1) {
      pages.show(page * PAGE_ROWS, page * PAGE_ROWS + 10);
      await until(() => pages.row(page * PAGE_ROWS));
    }
    const kept = Array.from({ length: 200 }, (_, page) => page).filter((page) => pages.row(page * PAGE_ROWS));
    expect(kept).toHaveLength(40);
    expect(kept.at(-1)).toBe(44);
  }, 20_000);

  it('reads changed rows again where they are looked at, and drops them elsewhere', async () => {
    const batch = source(1_000);
    const pages = new PayoutPages<Row>({ rowCount: 1_000, load: batch.load });
    pages.show(700, 720);
    await until(() => pages.row(700));
    pages.show(0, 20);
    await until(() => pages.row(0));
    for (const row of batch.rows) row.status = 'FINAL';
    pages.invalidate([{ firstIndex: 50, lastIndex: 799 }]);
    expect(pages.row(0)?.status).toBe('PENDING');
    expect(pages.row(700)).toBeUndefined();
    await until(() => pages.row(0)?.status === 'FINAL');
    expect(batch.asked).toEqual([700, 0, 0]);
  });

  it('finds filtered rows page by page, and anew when they move', async () => {
    let modulus = 2;
    const batch = source(1_000, ({ index }) => index % modulus === 0);
    const pages = new PayoutPages<Row>({ rowCount: null, load: batch.load });
    expect(pages.isKnown).toBe(false);
    pages.show(0, 20);
    await until(() => pages.row(0));
    expect(pages.count).toBe(101);
    pages.show(95, 101);
    await until(() => pages.row(100));
    expect(pages.row(100)?.index).toBe(200);
    modulus = 10;
    pages.show(0, 20);
    pages.invalidate([{ firstIndex: 3, lastIndex: 3 }]);
    await until(() => pages.row(1)?.index === 10);
    expect(pages.count).toBe(100);
    expect(pages.row(100)).toBeUndefined();
  });

  it('says what could not be read, and reads it when told to', async () => {
    const batch = source(100);
    let isBroken = true;
    const load = vi.fn((from: number, signal: AbortSignal) =>
      isBroken ? Promise.reject(new Error('away')) : batch.load(from, signal),
    );
    const pages = new PayoutPages<Row>({ rowCount: 100, load });
    pages.show(0, 20);
    await until(() => pages.hasFailed);
    pages.show(0, 30);
    isBroken = false;
    pages.retry();
    await until(() => pages.row(0));
    expect(pages.hasFailed).toBe(false);
    expect(load).toHaveBeenCalledTimes(2);
  });
});
