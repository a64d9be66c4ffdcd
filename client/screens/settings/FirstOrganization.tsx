import { PageTitle } from '../../components/PageTitle.tsx';

export function FirstOrganization() {
  return <PageTitle title="FirstOrganization" />;
}
