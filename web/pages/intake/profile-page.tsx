// What differs between insurers, as text: read by those who may, changed by the administrator, each change with a reason
// and its whole text.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { profileQuery, profileVersionQuery } from '../../api/profile.ts';
import type { ProfilePage as ProfileData } from '../../api/profile.ts';
import { ProfileForm } from '../../forms/profile-form.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { Fetched } from '../fetched.tsx';

export function ProfilePage(): ReactNode {
  const query = useQuery(profileQuery);
  return (
    <Fetched query={query} page="プロファイル">
      {(profile) => (
        <Page title="プロファイル" of={profile.name} lead={`${profile.name}の決まり（${profile.id}）です。`}>
          <Section title={profile.mayChange ? '決まりを変える' : 'いまの決まり'}>
            {profile.mayChange ? (
              // A new text from the server is another form: what was typed upon the old one would hide it.
              <ProfileForm key={profile.sha256} profile={profile} />
            ) : (
              <Text label="いまの決まり" source={profile.source} />
            )}
          </Section>
          <Section title="変更の履歴">
            <History changes={profile.changes} />
          </Section>
        </Page>
      )}
    </Fetched>
  );
}

function Text({ label, source }: { readonly label: string; readonly source: string }): ReactNode {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by keyboard
    <section aria-label={label} tabIndex={0} className="max-h-[40rem] overflow-auto rounded-8 bg-solid-gray-50 p-4">
      <pre className="text-dns-14N-130 leading-[1.5] whitespace-pre-wrap">{source}</pre>
    </section>
  );
}

function History({ changes }: { readonly changes: ProfileData['changes'] }): ReactNode {
  if (changes.length === 0) return <p>まだ変えられていません。</p>;
  return (
    <Timeline
      entries={changes.map((change) => ({
        key: String(change.id),
        at: change.at,
        title: '変更',
        who: change.actor,
        icon: 'settings',
        reason: change.reason,
        link: <Version id={change.id} />,
      }))}
    />
  );
}

function Version({ id }: { readonly id: number }): ReactNode {
  const [open, setOpen] = useState(false);
  const query = useQuery({ ...profileVersionQuery(id), enabled: open });
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer rounded-4 py-1 text-blue-1000 underline">変更後の全文</summary>
      {open && <Fetched query={query}>{({ source }) => <Text label="変更後の全文" source={source} />}</Fetched>}
    </details>
  );
}
