"""Refuses what has certain words in it, as modules of a company's own do."""
from trytond.exceptions import UserError, UserWarning
from trytond.pool import Pool, PoolMeta


def look(text):
    if 'REFUSED' in (text or ''):
        raise UserError("The word REFUSED is not wanted.", "Use another.")
    if 'WARNED' in (text or ''):
        raise UserWarning('warned', "The word WARNED is not nice.")
    if 'BROKEN' in (text or ''):
        raise KeyError('broken')


class Party(metaclass=PoolMeta):
    __name__ = 'party.party'

    @classmethod
    def validate(cls, parties):
        super().validate(parties)
        for party in parties:
            look(party.name)


class Note(metaclass=PoolMeta):
    __name__ = 'ir.note'

    @classmethod
    def validate(cls, notes):
        super().validate(notes)
        for note in notes:
            look(note.message)


class Work(metaclass=PoolMeta):
    __name__ = 'project.work'

    @classmethod
    def validate(cls, works):
        super().validate(works)
        for work in works:
            look(work.name)
            look(work.comment)


def register():
    Pool.register(Party, Note, Work, module='firstcall_strict', type_='model')
