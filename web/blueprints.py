"""Every part of the site, one blueprint a noun."""

from web.claim_facts import claim_facts
from web.claim_forms import claim_forms
from web.claims import claims
from web.desk import desk
from web.documents import documents
from web.encounters import encounters
from web.enrolments import enrolments
from web.facilities import facilities
from web.fees import fees
from web.find import find
from web.found_payers import found_payers
from web.keyed_eobs import keyed_eobs
from web.late_charges import blueprint as late_charges
from web.locations import locations
from web.login import login
from web.mail import mail
from web.payer_refunds import payer_refunds
from web.payers import payers
from web.practice import practice
from web.preferences import preferences
from web.printers import printers
from web.registration import registration
from web.remittances import remittances
from web.reports import reports
from web.routes import routes
from web.saved_views import saved_views
from web.stuck import blueprint as stuck
from web.tasks import blueprint as tasks
from web.tasks_bulk import bulk
from web.users import users
from web.work import work

BLUEPRINTS = (
    login, work, tasks, bulk, encounters, facilities, claims, claim_facts, documents, find, desk,
    registration, remittances, keyed_eobs, payer_refunds, found_payers, stuck, reports, users,
    payers, enrolments, routes, fees, preferences, saved_views, late_charges, practice,
    locations, printers, claim_forms, mail,
)  # fmt: skip
