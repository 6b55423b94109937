// Where each role can go, most used first. The one list behind the menu; the server holds the wall.
import { may } from '../../src/rules/access.ts';
import type { Permission } from '../../src/rules/access.ts';
import type { SignedIn } from '../api/session.ts';
import { paths } from '../paths.ts';
import type { Place } from '../ui/place.ts';

const PLACES: readonly (Place & { readonly needs: Permission })[] = [
  { to: paths.today, label: '今日', icon: 'home', letter: 't', needs: 'see-today' },
  { to: paths.issuances, label: '発行', icon: 'envelope', letter: 'i', needs: 'see-issuances' },
  { to: paths.people, label: '加入者', icon: 'people', letter: 'm', needs: 'see-people' },
  { to: paths.pieces('returned'), label: '郵便物', icon: 'list', letter: 'p', needs: 'see-papers' },
  { to: paths.reissues, label: '再交付', icon: 'refresh', letter: 'e', needs: 'see-papers' },
  { to: paths.withdrawals(), label: '引き抜き', icon: 'ban', letter: 'd', needs: 'see-papers' },
  { to: paths.packages, label: '引き渡し', icon: 'download', letter: 'k', needs: 'see-packages' },
  { to: paths.parcels, label: '梱包', icon: 'parcel', letter: 'b', needs: 'pack-parcels' },
  { to: paths.scan, label: '不着の読み取り', icon: 'scan', letter: 'r', needs: 'scan-returns' },
  { to: paths.checkIn, label: '回収の受け入れ', icon: 'returned', letter: 'c', needs: 'check-in' },
  { to: paths.workplaces, label: '事業所', icon: 'building', letter: 'w', needs: 'see-workplaces' },
  { to: paths.figures, label: '統計', icon: 'chart', letter: 'f', needs: 'see-figures' },
  { to: paths.imports, label: '取込', icon: 'upload', letter: 'u', needs: 'import' },
  { to: paths.audit, label: '記録', icon: 'clock', letter: 'a', needs: 'see-audit' },
  { to: paths.users, label: '利用者', icon: 'person', letter: 'y', needs: 'manage-accounts' },
  { to: paths.profile, label: 'プロファイル', icon: 'settings', letter: 'o', needs: 'see-profile' },
];

/** The menu of an account. An employer's own workplace stands for the list of workplaces. */
export function placesOf(account: SignedIn): readonly Place[] {
  return PLACES.filter(({ needs }) => may(account.role, needs)).map(({ needs: _needs, ...place }) =>
    place.to === paths.workplaces && account.workplaceSymbol !== null
      ? { ...place, to: paths.workplace(account.workplaceSymbol), label: '自分の事業所' }
      : place,
  );
}
