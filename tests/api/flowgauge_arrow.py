"""Flow feature rows as Arrow record batches: libflowgauge by ctypes, batches by pyarrow."""
import ctypes

import pyarrow


class Options(ctypes.Structure):  # flowgauge_options
    _fields_ = [('struct_size', ctypes.c_uint32), ('trial', ctypes.c_uint32), ('flags', ctypes.c_uint64),
                ('profile', ctypes.c_char_p), ('profile_text', ctypes.c_char_p), ('schema', ctypes.c_char_p),
                ('settings', ctypes.POINTER(ctypes.c_char_p)), ('setting_count', ctypes.c_uint64),
                ('plugin_folders', ctypes.POINTER(ctypes.c_char_p)), ('plugin_folder_count', ctypes.c_uint64),
                ('partitions', ctypes.c_char_p), ('max_packets', ctypes.c_uint64), ('duration_ns', ctypes.c_uint64),
                ('threads', ctypes.c_uint32), ('log_level', ctypes.c_uint32), ('program', ctypes.c_char_p),
                ('log', ctypes.c_void_p),
                ('log_user', ctypes.c_void_p), ('progress', ctypes.c_void_p), ('progress_user', ctypes.c_void_p)]


class StreamOptions(ctypes.Structure):  # flowgauge_stream_options
    _fields_ = [('struct_size', ctypes.c_uint32), ('numbers', ctypes.c_uint32), ('batch_rows', ctypes.c_uint64)]


class Error(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Library:
    def __init__(self, path='libflowgauge.so.0'):
        self.so = ctypes.CDLL(path)
        self.so.flowgauge_error_text.restype = ctypes.c_char_p
        for name in ('error_text', 'error_free', 'session_close', 'text_free'):
            getattr(self.so, f'flowgauge_{name}').argtypes = [ctypes.c_void_p]

    def call(self, name, *arguments):
        error = ctypes.c_void_p()
        status = getattr(self.so, f'flowgauge_{name}')(*arguments, ctypes.byref(error))
        if status != 0:
            text = self.so.flowgauge_error_text(error).decode()
            self.so.flowgauge_error_free(error)
            raise Error(status, text)


def texts(of):
    return (ctypes.c_char_p * len(of))(*map(str.encode, of))


class Session:
    """`options` are the fields of flowgauge_options; texts are str, lists of texts lists of str."""

    def __init__(self, library, settings=(), plugin_folders=(), **options):
        encoded = {name: value.encode() if isinstance(value, str) else value for name, value in options.items()}
        self.library, self.handle = library, ctypes.c_void_p()
        given = Options(struct_size=ctypes.sizeof(Options), settings=texts(settings), setting_count=len(settings),
                        plugin_folders=texts(plugin_folders), plugin_folder_count=len(plugin_folders), **encoded)
        library.call('session_open', ctypes.byref(given), ctypes.byref(self.handle))

    def add_capture(self, path):
        self.library.call('session_add_capture', self.handle, str(path).encode())

    def stream(self, schema=None, **options):
        """A pyarrow.RecordBatchReader. It may outlive the session."""
        made = (ctypes.c_void_p * 5)()  # struct ArrowArrayStream
        given = StreamOptions(struct_size=ctypes.sizeof(StreamOptions), **options)
        self.library.call('session_stream', self.handle, schema and schema.encode(), ctypes.byref(given), made)
        return pyarrow.RecordBatchReader._import_from_c(ctypes.addressof(made))

    def report(self):
        """JSON."""
        text = ctypes.c_void_p()
        self.library.call('session_report', self.handle, ctypes.byref(text))
        try:
            return ctypes.string_at(text).decode()
        finally:
            self.library.so.flowgauge_text_free(text)

    def close(self):
        self.library.so.flowgauge_session_close(self.handle)
        self.handle = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
