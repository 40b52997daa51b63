from trytond.pool import Pool

from . import party


def register():
    Pool.register(
        party.Party,
        module='firstcall_fields', type_='model')
