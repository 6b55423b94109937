// Any PostgreSQL will do: the commands with DATABASE_URL, against a server that is not their own.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { existsSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import pg from 'pg';
import { openTestFolder } from './ledger.ts';

const folder = openTestFolder();
const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.js');

test(
  'with DATABASE_URL the commands use that server and start none of their own, as an ordinary user',
  { timeout: 90_000 },
  async () => {
    const { host } = inject('connection');
    const name = `url_${process.pid}`;
    const admin = new pg.Client({ ...inject('connection'), database: 'postgres' });
    await admin.connect();
    await admin.query(`create role ${name} login password 'secret'`);
    await admin.query(`create database ${name} owner ${name}`);
    const url = `postgresql://${name}:secret@/${name}?host=${encodeURIComponent(host ?? '')}`;
    const data = path.join(folder, 'data');
    const todoke = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
      spawnSync(process.execPath, [MAIN, ...args], {
        env: { ...process.env, DATABASE_URL: url, TODOKE_DATA: data },
        encoding: 'utf8',
      });
    try {
      // Roles belong to the server: what its administrator has to do once is said in full.
      const refused = todoke('demo', '--out', path.join(folder, 'out'));
      expect(refused.status).toBe(2);
      expect(refused.stderr).toContain(`grant todoke_console to ${name};`);
      await admin.query(`grant todoke_console to ${name}`);
      const demo = todoke('demo', '--out', path.join(folder, 'out'));
      expect(demo.status, demo.stderr).toBe(0);
      expect(demo.stdout).toContain('balanced');
      expect(existsSync(data)).toBe(false);
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query<{ count: string }>('select count(*) from todoke.certificate');
      await client.query('begin');
      await client.query('set local role todoke_console');
      const hidden = await client.query<{ count: string }>('select count(*) from todoke.certificate');
      await client.end();
      expect(rows[0]?.count).toBe('9100');
      expect(hidden.rows[0]?.count).toBe('0');
    } finally {
      await admin.query(`drop database ${name} with (force)`);
      await admin.query(`drop role ${name}`);
      await admin.end();
    }
  },
);
