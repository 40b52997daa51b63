from setuptools import setup

MODULE = 'trytond.modules.firstcall_fields'

setup(
    name='firstcall_fields',
    version='6.0.0',
    description="Fields of parties for the figures of firstcall",
    packages=[MODULE],
    package_dir={MODULE: '.'},
    package_data={MODULE: ['tryton.cfg', '*.xml', 'view/*.xml']},
    zip_safe=False,
    entry_points={'trytond.modules': ['firstcall_fields = ' + MODULE]},
)
