import { PageTitle } from '../../components/PageTitle.tsx';

export function ImportBatch() {
  return <PageTitle title="ImportBatch" />;
}
