"""scratch: every GET page by every role"""
import re
from domain.tasks import TaskKind
def test_x(site):
    ts=[site.task(k,cause=f'c{k}',provider_id=site.users['voss'].provider_id) for k in TaskKind]
    for name in ('lee','otto','ana','cora','finn','ada','voss'):
        b=site.as_(name)
        for path in ['/work','/queues/denial','/queues/biller','/stuck','/reports','/remittances','/users','/payers','/payers/ACME1','/fees','/registration','/settings','/find?q=E1',f'/encounters/{site.encounter.uuid}','/tasks/next']+[f'/tasks/{t.uuid}' for t in ts]:
            r=b.get(path)
            if r.status_code not in (200,303,403): print(name,path,r.status_code)
            elif name=='lee': print(name,path,r.status_code)
    assert 0
