#!/usr/bin/env python3
"""The Debian packages: what is in them, what they depend on, that they install, run and go away without a trace."""
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import packages

BINARY_DIR = pathlib.Path(os.environ['FLOWGAUGE_BINARY_DIR'])
SOURCE_DIR = pathlib.Path(os.environ['FLOWGAUGE_SOURCE_DIR'])
VERSION = os.environ['FLOWGAUGE_VERSION']
HAS_ARROW = any(BINARY_DIR.rglob('plugins/parquet.so'))
HAS_IPFIX = any(BINARY_DIR.rglob('plugins/ipfix.so'))
HAS_KAFKA = any(BINARY_DIR.rglob('plugins/kafka.so'))
NAMES = ['flowgauge', 'flowgauge-dev', 'libflowgauge0'] + (['flowgauge-arrow'] if HAS_ARROW else []) + (['flowgauge-ipfix'] if HAS_IPFIX else []) + (
    ['flowgauge-kafka'] if HAS_KAFKA else [])


@unittest.skipIf(packages.missing_tools(), f'needs {", ".join(packages.missing_tools())}')
class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.files = packages.made(BINARY_DIR)
        cls.root = packages.Root(cls.folder / 'root')
        cls.root.install(cls.files.values())
        cls.machine = packages.run('dpkg-architecture', '-qDEB_HOST_MULTIARCH').strip()

    def flowgauge(self, *words):
        return subprocess.run([self.root.folder / 'usr/bin/flowgauge', *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              cwd=self.folder, timeout=packages.LIMIT_SECONDS, check=False)

    def test_names(self):
        kind = packages.run('dpkg', '--print-architecture').strip()
        self.assertEqual({name: file.name for name, file in self.files.items()},
                         {name: f'{name}_{VERSION}_{kind}.deb' for name in NAMES})

    def test_what_they_depend_on(self):
        needs = packages.field(self.files['flowgauge'], 'Depends')
        # A package without eBPF works, but is not what we give away.
        for library in ('libbpf1', 'libbz2-1.0', 'libc6', 'liblz4-1', 'liblzma5', 'libnettle8', 'libpcap0.8', 'libstdc++6', 'libyaml-cpp', 'libzstd1', 'zlib1g'):
            self.assertIn(library, needs)
        self.assertEqual(packages.field(self.files['flowgauge-dev'], 'Depends'), f'flowgauge (= {VERSION}), libflowgauge0 (= {VERSION})')
        self.assertEqual(packages.field(self.files['libflowgauge0'], 'Depends'), f'flowgauge (= {VERSION}), libc6, libstdc++6')
        self.assertIn('cmake', packages.field(self.files['flowgauge-dev'], 'Recommends'))

    def test_the_library_needs_no_library_that_the_program_does_without(self):
        def needed(path):
            told = packages.run('objdump', '-p', self.root.folder / path)
            return {line.split()[1] for line in told.splitlines() if line.split()[:1] == ['NEEDED']}
        of_library = needed(f'usr/lib/{self.machine}/libflowgauge.so.0')
        self.assertIn('libpcap.so.0.8', of_library)
        self.assertEqual(of_library - needed('usr/bin/flowgauge'), set())

    def test_the_library_is_known_to_the_linker_without_a_script(self):
        folder = self.folder / 'control'
        packages.run('dpkg-deb', '--control', self.files['libflowgauge0'], folder)
        self.assertEqual(sorted(path.name for path in folder.iterdir()), ['control', 'md5sums', 'shlibs', 'triggers'])
        self.assertEqual((folder / 'triggers').read_text(), 'activate-noawait ldconfig\n')
        self.assertEqual((folder / 'shlibs').read_text(), f'libflowgauge 0 libflowgauge0 (>= {VERSION})\n')

    def test_the_library_and_its_links_are_in_their_packages(self):
        def libraries(name):
            listed = packages.run('dpkg-deb', '--contents', self.files[name]).splitlines()
            return sorted(line.split(' ./')[-1].split(' -> ')[0].rsplit('/', 1)[-1] for line in listed if 'libflowgauge.so' in line)
        self.assertEqual(libraries('flowgauge'), [])
        self.assertEqual(libraries('libflowgauge0'), ['libflowgauge.so.0', f'libflowgauge.so.{VERSION}'])
        self.assertEqual(libraries('flowgauge-dev'), ['libflowgauge.so'])

    def test_files_lie_where_debian_has_them(self):
        files = set(self.root.files())
        for path in ('usr/bin/flowgauge', f'usr/lib/{self.machine}/flowgauge/plugins/iat.so', 'usr/share/flowgauge/configs/basic.yaml',
                     'usr/share/man/man1/flowgauge.1.gz', 'usr/share/man/man1/flowgauge-realtime.1.gz',
                     'usr/share/man/man1/flowgauge-profile.1.gz', 'usr/share/bash-completion/completions/flowgauge', 'usr/share/zsh/vendor-completions/_flowgauge',
                     'usr/share/fish/vendor_completions.d/flowgauge.fish', 'usr/share/doc/flowgauge/copyright', 'usr/lib/systemd/system/flowgauge@.service', 'usr/share/doc/flowgauge/changelog.gz',
                     f'usr/lib/{self.machine}/libflowgauge.so.0', f'usr/lib/{self.machine}/libflowgauge.so.{VERSION}',
                     f'usr/lib/{self.machine}/libflowgauge.so', f'usr/lib/{self.machine}/pkgconfig/flowgauge.pc', 'usr/include/flowgauge/flowgauge.h',
                     'usr/share/doc/libflowgauge0/copyright', 'usr/include/flowgauge/plugin.h', 'usr/include/flowgauge/sdk.hpp', 'usr/share/doc/flowgauge-dev/copyright',
                     f'usr/lib/{self.machine}/cmake/flowgauge/flowgaugeConfig.cmake'):
            self.assertIn(path, files)

    def test_all_of_an_installation_is_in_them(self):
        prefix = self.folder / 'prefix'
        packages.run('cmake', '--install', BINARY_DIR, '--prefix', prefix)
        installed = {f'usr/{path.relative_to(prefix)}' for path in prefix.rglob('*')}
        self.assertEqual(installed - set(self.root.files()), set())

    def test_the_program_finds_its_plugins_and_profiles(self):
        rows = self.flowgauge('pcap', SOURCE_DIR / 'fixtures/demo.pcap', '-p', 'cidds', '-o', 'csv')
        self.assertEqual(rows.returncode, 0, rows.stderr)
        self.assertGreater(len(rows.stdout.splitlines()), 5)
        listed = self.flowgauge('plugins').stdout
        self.assertIn(f'{self.root.folder}/usr/lib/{self.machine}/flowgauge/plugins/iat.so', listed)
        self.assertNotIn(str(BINARY_DIR), listed)

    @unittest.skipUnless(HAS_ARROW, 'built without the sinks parquet and arrow')
    def test_arrow_and_its_libraries_are_a_package_of_their_own(self):
        self.assertEqual(packages.field(self.files['flowgauge-arrow'], 'Depends'), f'flowgauge (= {VERSION}), libc6, libgcc-s1, libstdc++6{", librdkafka1" if HAS_KAFKA else ""}')
        rows = self.flowgauge('pcap', SOURCE_DIR / 'fixtures/demo.pcap', '--export-path', 'rows.parquet', '--report', 'run.json')
        self.assertEqual(rows.returncode, 0, rows.stderr)
        self.assertEqual((self.folder / 'rows.parquet').read_bytes()[:4], b'PAR1')
        used = {library['path'] for plugin in json.loads((self.folder / 'run.json').read_text())['plugins'] for library in plugin.get('libraries', [])}
        folder = f'{self.root.folder}/usr/lib/{self.machine}/flowgauge/plugins/lib'
        self.assertEqual({path.rsplit('.so', 1)[0] for path in used if path.startswith(folder)}, {f'{folder}/libarrow', f'{folder}/libparquet'})

    @unittest.skipUnless(HAS_IPFIX, 'built without the sinks ipfix and ipfix_collector')
    def test_ipfix_is_a_package_of_its_own(self):
        needed = {one.split()[0] for one in packages.field(self.files['flowgauge-ipfix'], 'Depends').split(', ')}
        self.assertLessEqual({'flowgauge', 'libfixbuf9', 'libssl3'}, needed)
        rows = self.flowgauge('pcap', SOURCE_DIR / 'fixtures/demo.pcap', '--export-path', 'rows.ipfix')
        self.assertEqual(rows.returncode, 0, rows.stderr)
        self.assertEqual((self.folder / 'rows.ipfix').read_bytes()[:2], b'\0\x0a')

    @unittest.skipUnless(HAS_KAFKA, 'built without the sink kafka')
    def test_kafka_is_a_package_of_its_own(self):
        needed = {one.split()[0] for one in packages.field(self.files['flowgauge-kafka'], 'Depends').split(', ')}
        self.assertLessEqual({'flowgauge', 'librdkafka1'}, needed)
        file = self.root.folder / f'usr/lib/{self.machine}/flowgauge/plugins/kafka.so'
        self.assertIn('sink kafka ', self.flowgauge('plugin', 'info', file).stdout)

    def test_plugins_in_usr_local_are_found_first(self):
        local = self.root.folder / f'usr/local/lib/{self.machine}/flowgauge/plugins'
        local.mkdir(parents=True)
        self.addCleanup(packages.run, 'rm', '-r', self.root.folder / 'usr/local')
        (local / 'iat.so').write_text('no plugin', encoding='utf-8')
        refused = self.flowgauge('pcap', SOURCE_DIR / 'fixtures/demo.pcap', '-p', 'cic')
        self.assertEqual(refused.returncode, 2)
        self.assertIn(f'{local}/iat.so: is not an ELF file', refused.stderr)

    def test_manual_page(self):
        page = gzip.decompress((self.root.folder / 'usr/share/man/man1/flowgauge.1.gz').read_bytes())
        self.assertEqual(page, (SOURCE_DIR / 'docs/flowgauge.1').read_bytes())

    @unittest.skipIf(os.geteuid() != 0 or not shutil.which('systemd-sysusers'), 'dpkg installs as root alone; needs systemd-sysusers')
    def test_the_program_brings_its_user(self):
        users = [line.split(':') for line in (self.root.folder / 'etc/passwd').read_text().splitlines()]
        (user,) = [fields for fields in users if fields[0] == 'flowgauge']
        self.assertLess(int(user[2]), 1000)
        self.assertEqual(user[4:], ['flowgauge live runs', '/nonexistent', '/usr/sbin/nologin'])

    @unittest.skipIf(os.geteuid() != 0, 'dpkg installs and removes as root alone')
    def test_they_go_away_without_a_trace(self):
        root = packages.Root(self.folder / 'other')
        before = root.files()
        root.install(self.files.values())
        self.assertNotEqual(root.files(), before)
        self.assertEqual(root.dpkg('--verify'), '')
        root.purge(reversed(NAMES))
        self.assertEqual(root.files(), before)


if __name__ == '__main__':
    unittest.main()
