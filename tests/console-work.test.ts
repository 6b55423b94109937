// Work that people do in the console, asked of the API: certificates asked for again made in one run.
import { beforeAll, expect, test } from 'vitest';
import { recordPieceEvents } from '../src/operations/life.ts';
import type { Run } from '../src/operations/issuance-run.ts';
import type { LocalDate } from '../src/rules/member.ts';
import type { Job } from '../src/server/contract/work.ts';
import type { WaitingReissues } from '../src/server/contract/papers.ts';
import { openTestConsole } from './console.ts';
import type { Client, TestConsole } from './console.ts';
import { releaseLots } from './ledger.ts';

let at: TestConsole;

beforeAll(async () => {
  at = await openTestConsole(true);
  await releaseLots(at.context, at.kyokai.run);
});

const read = async <T>(client: Client, address: string): Promise<T> => {
  const answer = await client.get(address);
  expect(answer.status, address).toBe(200);
  return (await answer.json()) as T;
};

/** Asks for a job and waits for its end. */
const work = async (client: Client, wish: object): Promise<Job> => {
  const answer = await client.post('/jobs', wish);
  const asked = (await answer.json()) as Job;
  expect(answer.status, JSON.stringify(asked)).toBe(200);
  await at.settled();
  return read<Job>(client, `/jobs/${asked.id}`);
};

async function post(run: Run, numbers: readonly string[]): Promise<void> {
  for (const event of ['enclose', 'post'] as const) {
    const outcomes = await recordPieceEvents(
      at.context,
      run,
      numbers.map((number) => ({ mailpieceNumber: number, event, reason: '', source: '', key: `${event}:${number}` })),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(numbers.map(() => 'recorded'));
  }
}

interface Holder {
  readonly piece: string;
  readonly certificate: string;
  readonly branch: string;
}

/** Printed envelopes of one person each who may have another certificate. */
const holders = (run: Run): Promise<Holder[]> =>
  at.query<Holder>(
    `select p.mailpiece_number::text as piece, min(c.certificate_number)::text as certificate,
            min(w.branch_code) as branch
       from printed_piece f join mailpiece p using (issuance_id, mailpiece_number)
       join certificate c on c.issuance_id = p.issuance_id and c.mailpiece_number = p.mailpiece_number
       join member m on m.dataset_id = $2 and m.symbol = c.symbol and m.number_rank = c.number::bigint
                    and m.number = c.number and m.sub_number = c.sub_number and m.lost_on is null and not m.mail_stopped
       join workplace w on w.dataset_id = $3 and w.symbol = c.symbol
       left join paper_state s on s.paper_number = p.mailpiece_number
      where f.issuance_id = $1 and p.certificate_count = 1 and s.state is null
      group by 1 order by 1`,
    [run.id, run.membersId, run.workplacesId],
  );

test('reissues: what waits is seen behind the wall, one run makes all that can be made, of every issuance', async () => {
  const { run } = at.kyokai;
  const office = await at.as('kyokai', 'headquarters');
  const branch = await at.as('kyokai', 'branch');
  const [own] = await at.query<{ code: string }>(
    `select branch_code as code from account where login = 'kyokai-branch'`,
  );
  const found = await holders(run);
  const inside = found.filter((holder) => holder.branch === own!.code).slice(0, 1);
  const outside = found.filter((holder) => holder.branch !== own!.code).slice(0, 2);
  const chosen = [...inside, ...outside];
  await post(
    run,
    chosen.map(({ piece }) => piece),
  );
  const ask = async (certificate: string, reason = 'torn'): Promise<void> => {
    const answer = await office.post(`/papers/${certificate}/actions`, { action: 'reissue', reason, isAttached: true });
    expect(await answer.json()).toMatchObject({ kind: 'recorded' });
  };
  for (const { certificate } of chosen) await ask(certificate);

  // Two pages of two and one; the branch sees its own.
  const first = await read<WaitingReissues>(office, '/reissues?limit=2');
  expect(first).toMatchObject({ total: 3, items: [{ reasonLabel: 'き損', whyNot: '' }, { whyNot: '' }] });
  const second = await read<WaitingReissues>(office, `/reissues?limit=2&cursor=${first.next}`);
  expect(second).toMatchObject({ total: 3, next: null });
  expect([...first.items, ...second.items].map((row) => row.certificateNumber)).toEqual(
    chosen.map(({ certificate }) => certificate).toSorted((a, b) => a.localeCompare(b)),
  );
  const seen = await read<WaitingReissues>(branch, '/reissues');
  expect([seen.total, seen.items.map((row) => row.certificateNumber)]).toEqual([1, [inside[0]!.certificate]]);
  const { queues } = await read<{ queues: { id: string; count: number }[] }>(office, '/today');
  expect(queues.find(({ id }) => id === 'reissue')).toMatchObject({ count: 3 });

  // Dated before the certificates it replaces: refused as a whole, and everything still waits.
  const early = await work(office, { kind: 'reissue', issuedOn: '2025-07-01' });
  expect(early).toMatchObject({
    state: 'failed',
    message: expect.stringContaining('元の発行（2025-07-22）以後'),
    issuanceIds: [],
  });
  expect((await read<WaitingReissues>(office, '/reissues')).total).toBe(3);

  const made = await work(office, { kind: 'reissue', issuedOn: '2025-11-12' });
  expect(made).toMatchObject({ state: 'done', message: '再交付 3枚を作りました。', issuanceIds: [expect.any(Number)] });
  const page = await read<{ overview: object; jobs: Job[] }>(office, `/issuances/${made.issuanceIds[0]}`);
  expect(page.overview).toMatchObject({ parentId: run.id, remake: 'reissue', certificates: 3, printed: 3 });
  expect(page.jobs.map(({ id }) => id)).toEqual([made.id]);
  expect(await work(office, { kind: 'reissue', issuedOn: '2025-11-12' })).toMatchObject({
    message: 'いま作れる再交付はありません。',
    issuanceIds: [],
  });

  // One of the new ones is torn in its turn, and one more of the old: two issuances in one run.
  const again = (
    await at.query<Run>(
      `select id, insurer_number as "insurerNumber", members_id as "membersId", workplaces_id as "workplacesId",
            paper_kind as kind from issuance where id = $1`,
      [made.issuanceIds[0]],
    )
  )[0]!;
  await releaseLots(at.context, again);
  const [newer] = await holders({ ...again, membersId: run.membersId, workplacesId: run.workplacesId });
  await post(again, [newer!.piece]);
  await ask(newer!.certificate, 'soiled');
  const next = (await holders(run))[0]!;
  await post(run, [next.piece]);
  await ask(next.certificate);
  const both = await work(office, { kind: 'reissue', issuedOn: '2025-12-10' as LocalDate });
  expect(both).toMatchObject({ message: '再交付 2枚を作りました。' });
  expect(both.issuanceIds).toHaveLength(2);
  for (const id of both.issuanceIds) {
    const { jobs } = await read<{ jobs: Job[] }>(office, `/issuances/${id}`);
    expect(jobs.map((job) => job.id)).toContain(both.id);
  }
});
