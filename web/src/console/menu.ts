/** The pages of the console, as the rail has them. */
import type { IconName } from '../shared/icons.ts';
import type { ConsoleApp } from './app.ts';
import type { Page } from './page.ts';
import { ACCESS_TABS, type AccessTab } from './access/access.ts';
import { AccountsPage } from './access/accounts.ts';
import { CheckPage } from './pages/check.ts';
import { EmbedPage } from './pages/embed.ts';
import { ExportsPage } from './exports/exports.ts';
import { EXPORT_TABS } from './exports/exports-page.ts';
import { SchedulesPage } from './exports/schedules.ts';
import { EVIDENCE_TABS } from './evidence/evidence-page.ts';
import { PacksPage } from './evidence/packs.ts';
import { PeriodReportPage } from './evidence/period-report.ts';
import { ReviewsPage } from './evidence/reviews.ts';
import { OffboardingPage } from './evidence/offboarding-page.ts';
import { AccessReviewPage } from './evidence/review-page.ts';
import { StoryPage } from './evidence/story-page.ts';
import { ErasuresPage } from './governance/erasures.ts';
import { AuditorsPage, SupportPage } from './access/guests.ts';
import { HealthPage } from './pages/health.ts';
import { HoldsPage } from './governance/holds.ts';
import { KeysPage } from './access/keys.ts';
import { LogPage } from './pages/log.ts';
import { MembersPage } from './access/members.ts';
import { SessionsPage } from './access/open-sessions.ts';
import { OverviewPage } from './pages/overview.ts';
import { PermissionSetsPage } from './access/permission-sets.ts';
import { RetentionPage } from './governance/retention.ts';
import { SettingsPage } from './governance/settings.ts';
import { StreamPage } from './streams/stream-page.ts';
import { StreamsPage } from './streams/streams.ts';
import { SystemPage } from './operator/system.ts';
import { TenantsPage } from './operator/tenants.ts';

type PageClass = new (app: ConsoleApp, tenant: string) => Page;

/** A page and its place in the rail. */
interface MenuPage {
  page: PageClass;
  icon: IconName;
  /** Permissions of which one is needed to see it. */
  needs?: readonly string[];
  /** Whether they have to be for the whole log. */
  whole?: boolean;
  /** The page in the rail that stands for it. */
  under?: string;
}

/** What the rail leads to as one: access has a tab for each of its pages. */
const ACCESS_PAGES: Record<AccessTab, PageClass> = {
  access: MembersPage,
  accounts: AccountsPage,
  permissions: PermissionSetsPage,
  keys: KeysPage,
  auditors: AuditorsPage,
  support: SupportPage,
  sessions: SessionsPage,
};

/** The pages of a tenant. */
export const TENANT_PAGES: Record<string, MenuPage> = {
  overview: { page: OverviewPage, icon: 'home', needs: ['audit.view'] },
  log: { page: LogPage, icon: 'list', needs: ['audit.view'] },
  exports: { page: ExportsPage, icon: 'download', needs: EXPORT_TABS.exports },
  schedules: { page: SchedulesPage, icon: 'timer', needs: EXPORT_TABS.schedules, whole: true, under: 'exports' },
  'access-review': { page: AccessReviewPage, icon: 'table', needs: EVIDENCE_TABS['access-review'] },
  packs: { page: PacksPage, icon: 'shieldCheck', needs: EVIDENCE_TABS.packs, under: 'access-review' },
  reviews: {
    page: ReviewsPage,
    icon: 'check',
    needs: ['reviews.manage', 'audit.view'],
    whole: true,
    under: 'access-review',
  },
  figures: { page: PeriodReportPage, icon: 'activity', needs: EVIDENCE_TABS.figures, under: 'access-review' },
  offboarding: { page: OffboardingPage, icon: 'table', needs: EVIDENCE_TABS.offboarding, under: 'access-review' },
  story: { page: StoryPage, icon: 'table', needs: EVIDENCE_TABS.story, under: 'access-review' },
  streams: { page: StreamsPage, icon: 'external', needs: ['streams.manage'], whole: true },
  stream: { page: StreamPage, icon: 'external', needs: ['streams.manage'], whole: true, under: 'streams' },
  holds: { page: HoldsPage, icon: 'lock', needs: ['audit.view'], whole: true },
  retention: { page: RetentionPage, icon: 'timer', needs: ['audit.view'] },
  erasures: { page: ErasuresPage, icon: 'trash', needs: ['erasures.manage'] },
  settings: { page: SettingsPage, icon: 'sliders', needs: ['settings.manage'] },
  ...Object.fromEntries(
    (Object.keys(ACCESS_PAGES) as AccessTab[]).map((tab) => [
      tab,
      { page: ACCESS_PAGES[tab], icon: 'key' as const, needs: ACCESS_TABS[tab], under: 'access' },
    ]),
  ),
  embed: { page: EmbedPage, icon: 'code', needs: ['keys.manage'] },
  check: { page: CheckPage, icon: 'shieldCheck', needs: ['audit.verify'] },
  health: { page: HealthPage, icon: 'activity', needs: ['audit.verify'] },
};

/** The pages of the operator. */
export const OPERATOR_PAGES: Record<string, MenuPage> = {
  tenants: { page: TenantsPage, icon: 'building' },
  system: { page: SystemPage, icon: 'server' },
};
