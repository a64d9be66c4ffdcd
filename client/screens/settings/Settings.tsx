import { PageTitle } from '../../components/PageTitle.tsx';

export function Settings() {
  return <PageTitle title="Settings" />;
}
