import { startEmbeddedServer } from './src/ledger/core/server.ts';
import { readFileSync } from 'node:fs';
import pg from 'pg';
const s = await startEmbeddedServer({ dataDir: '/tmp/fit-data' });
const c = new pg.Client({ ...(s as any).connection, options: '-c search_path=todoke,public' });
await c.connect();
const pid = (await c.query('select pg_backend_pid() as p')).rows[0].p;
const cpu = () => {
  const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  return (Number(f[13]) + Number(f[14])) * 10;
};
const q = async (sql: string) => {
  const t = performance.now(),
    u = cpu();
  const r = await c.query(sql);
  console.log(
    (performance.now() - t).toFixed(0) + 'ms wall',
    cpu() - u,
    'ms cpu',
    sql.slice(0, 120).replaceAll(/\s+/g, ' '),
    JSON.stringify(r.rows).slice(0, 1200),
  );
};
const k = 'symbol, number_rank, number, sub_number';
await c.query(
  'set max_parallel_workers_per_gather = 0; set enable_sort=off; set enable_nestloop = off; set enable_hashjoin=off;',
);
await q(
  `explain select count(*) from (select ${k} from member_2) m join (select ${k} from enrolment_3) e using (${k})`,
);
await q(`select count(*) from (select ${k} from member_2) m join (select ${k} from enrolment_3) e using (${k})`);
await q(`select count(*) from (select ${k} from member_2) m join (select ${k} from enrolment_3) e using (${k})`);
await q(
  `select count(*) from (select ${k}, true as x from member_2) m full join (select ${k}, true as y from enrolment_3) e using (${k}) where x is null or y is null`,
);
await q(`select count(*) from (select ${k} from member_2 order by ${k}) m`);
await q(`select count(*) from (select number_rank, sub_number from member_2 order by number_rank, sub_number) m`);
await c.query("set enable_sort=on; set enable_hashjoin=on; set work_mem='256MB'");
await q(`select count(*) from (select ${k} from member_2) m join (select ${k} from enrolment_3) e using (${k})`);
await q(
  `explain select count(*) from (select ${k} from member_2) m join (select ${k} from enrolment_3) e using (${k})`,
);
await c.end();
await s.leave();
process.exit(0);
