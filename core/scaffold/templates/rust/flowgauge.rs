//! The plugin ABI 1.0 of flowgauge (flowgauge/plugin.h, which says what each field means), as far as a feature needs it,
//! and the loops around a `Feature`. Sizes and offsets are compared at compile time with those of the header.
#![allow(dead_code)]

use std::ffi::{c_char, c_void, CStr};
use std::mem::{align_of, offset_of, size_of};
use std::panic::{catch_unwind, AssertUnwindSafe};

// ---------------------------------------------------------------- what an author writes

/// A type of which zero bytes are a value: numbers and arrays of them.
///
/// # Safety
/// All bits 0 must be a valid value, and dropping one must do nothing.
pub unsafe trait Plain: Copy {}

/// One feature. A value of it serves one worker: no two threads are in it at once.
pub trait Feature: Sized + 'static {
    /// Lies in the memory of each flow, and begins as zero bytes.
    type State: Plain;

    /// `options` are in the declared order. An error stops the start, with its text.
    fn create(options: &Options) -> Result<Self, String>;
    /// Once for each packet, in order of arrival.
    fn update(&mut self, packet: &Packet, state: &mut Self::State);
    /// One row, as if the flow ended now. Also called for flows that live on.
    fn emit(&self, state: &Self::State, row: &mut Row);
}

#[derive(Clone, Copy)]
#[repr(u32)]
pub enum Type {
    U64 = 1,
    I64 = 2,
    F64 = 3,
    Bool = 4,
    String = 5,
}

#[derive(Clone, Copy)]
#[repr(u32)]
pub enum Unit {
    None = 1,
    Count = 2,
    Packets = 3,
    Bytes = 4,
    Ns = 5,
    Us = 6,
    Ms = 7,
    S = 8,
    PerS = 9,
    BytesPerS = 10,
}

pub const REVEALS_IDENTITY: u64 = 1;
pub const REVEALS_PORT: u64 = 2;
pub const REVEALS_TIME: u64 = 4;
pub const REVEALS_OS: u64 = 8;
pub const REVEALS_PATH: u64 = 16;
pub const REVEALS_TOOL: u64 = 32;

/// fg_column
#[repr(C)]
pub struct Column {
    name: *const c_char,
    doc: *const c_char,
    kind: u32,
    unit: u32,
    reveals: u64,
    extremes_reveal: u64,
    flags: u32,
    reserved: u32,
}
// Constants that point to constants.
unsafe impl Sync for Column {}

impl Column {
    pub const fn new(name: &'static CStr, doc: &'static CStr, kind: Type, unit: Unit) -> Self {
        let (kind, unit) = (kind as u32, unit as u32);
        Self { name: name.as_ptr(), doc: doc.as_ptr(), kind, unit, reveals: 0, extremes_reveal: 0, flags: 0, reserved: 0 }
    }
    /// What the column can give away: REVEALS_OS | REVEALS_PATH.
    pub const fn reveals(mut self, classes: u64) -> Self {
        self.reveals = classes;
        self
    }
    /// A cell that no set_...() was called for is null.
    pub const fn nullable(mut self) -> Self {
        self.flags = 1;
        self
    }
}

/// fg_option
#[repr(C)]
pub struct Opt {
    name: *const c_char,
    doc: *const c_char,
    default_value: *const c_char,
    kind: u32,
    unit: u32,
}
unsafe impl Sync for Opt {}

impl Opt {
    pub const fn new(name: &'static CStr, doc: &'static CStr, default: &'static CStr, kind: Type, unit: Unit) -> Self {
        let (kind, unit) = (kind as u32, unit as u32);
        Self { name: name.as_ptr(), doc: doc.as_ptr(), default_value: default.as_ptr(), kind, unit }
    }
}

/// The values of the options. Each is asked for as the type that was declared.
pub struct Options(*const Value);

impl Options {
    fn value(&self, option: usize) -> &Value {
        unsafe { &*self.0.add(option) }
    }
    pub fn u64(&self, option: usize) -> u64 {
        unsafe { self.value(option).bits }
    }
    pub fn i64(&self, option: usize) -> i64 {
        self.u64(option) as i64
    }
    pub fn f64(&self, option: usize) -> f64 {
        f64::from_bits(self.u64(option))
    }
    pub fn bool(&self, option: usize) -> bool {
        self.u64(option) != 0
    }
    pub fn text(&self, option: usize) -> &str {
        let text = unsafe { self.value(option).text };
        if text.data.is_null() {
            return "";
        }
        let bytes = unsafe { std::slice::from_raw_parts(text.data, text.size_bytes as usize) };
        std::str::from_utf8(bytes).unwrap_or("")
    }
}

/// fg_packet
#[repr(C)]
pub struct Packet {
    pub time_ns: i64,
    pub gap_ns: u64,
    pub direction_gap_ns: u64,
    pub flow_index: u64,
    pub direction_index: u64,
    pub ip_length_bytes: u32,
    pub payload_length_bytes: u32,
    pub tcp_seq: u32,
    pub tcp_ack: u32,
    pub l3_header_bytes: u16,
    pub tcp_window: u16,
    pub l4_header_bytes: u8,
    pub tcp_flags: u8,
    pub direction: u8,
    pub marks: u8,
    pub ip_protocol: u8,
    pub ip_version: u8,
    pub ttl: u8,
    pub icmp_type: u8,
    pub icmp_code: u8,
    reserved: [u8; 3],
}

/// fg_flow
#[repr(C)]
pub struct Flow {
    pub duration_ns: u64,
    pub packets: [u64; 2],
    pub bytes: [u64; 2],
    pub ip_version: u8,
    pub ip_protocol: u8,
    reserved: [u8; 6],
    texts: [Text; 6],
    pub first_ns: [i64; 2],
    pub last_ns: [i64; 2],
    pub start_ns: [i64; 2],
}

/// One row of an emit call. A column is named by its place in COLUMNS.
pub struct Row<'a> {
    call: &'a Emit,
    row: usize,
}

impl Row<'_> {
    /// False: nobody wants the column. What is costly need not be worked out then.
    pub fn wants(&self, column: usize) -> bool {
        !self.vector(column).cells.is_null()
    }
    pub fn set_u64(&mut self, column: usize, value: u64) {
        self.set(column, value);
    }
    pub fn set_i64(&mut self, column: usize, value: i64) {
        self.set(column, value);
    }
    /// Not NaN, not infinite.
    pub fn set_f64(&mut self, column: usize, value: f64) {
        self.set(column, value);
    }
    pub fn set_bool(&mut self, column: usize, value: bool) {
        self.set(column, u8::from(value));
    }
    /// The text is copied. A row has 64 KiB for all its texts; where there is no room left, the cell stays empty.
    pub fn set_text(&mut self, column: usize, text: &str) {
        if !self.wants(column) {
            return;
        }
        let size = text.len();
        let to = unsafe { ((*self.call.host).arena_alloc)(self.call.arena, self.row as u32, size) } as *mut u8;
        if to.is_null() {
            return;
        }
        unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), to, size) };
        self.set(column, Text { data: to, size_bytes: size as u64 });
    }
    pub fn flow(&self) -> &Flow {
        unsafe { &*(self.call.flows.add(self.row * self.call.flow_stride as usize) as *const Flow) }
    }

    fn vector(&self, column: usize) -> &Vector {
        unsafe { &*self.call.columns.add(column) }
    }
    fn set<T>(&mut self, column: usize, value: T) {
        let (cells, validity) = (self.vector(column).cells, self.vector(column).validity);
        if cells.is_null() {
            return;
        }
        unsafe {
            (cells as *mut T).add(self.row).write(value);
            if !validity.is_null() {
                *validity.add(self.row / 64) |= 1 << (self.row % 64);
            }
        }
    }
}

// ---------------------------------------------------------------- what the host reads

#[repr(C)]
#[derive(Clone, Copy)]
struct Text {
    data: *const u8,
    size_bytes: u64,
}

#[repr(C)]
union Value {
    bits: u64,
    text: Text,
}

#[repr(C)]
struct Vector {
    cells: *mut c_void,
    validity: *mut u64,
}

#[repr(C)]
struct Host {
    struct_size: u32,
    minor: u32,
    version: *const c_char,
    log: unsafe extern "C" fn(u32, *const u8, usize),
    arena_alloc: unsafe extern "C" fn(*mut c_void, u32, usize) -> *mut c_void,
}

#[repr(C)]
pub struct Create {
    struct_size: u32,
    worker: u32,
    host: *const Host,
    options: *const Value,
}

#[repr(C)]
pub struct Batch {
    struct_size: u32,
    count: u32,
    packets: *const u8,
    records: *const *mut u8,
    packet_stride: u32,
    packet_size: u32,
    state_offset: u32,
}

#[repr(C)]
pub struct Emit {
    struct_size: u32,
    row_count: u32,
    records: *const *const u8,
    flows: *const u8,
    columns: *const Vector,
    arena: *mut c_void,
    host: *const Host,
    state_offset: u32,
    flow_stride: u32,
}

#[repr(C)]
struct Array {
    items: *const c_void,
    count: u32,
    stride: u32,
}

const fn array_of<T>(items: &'static [T]) -> Array {
    Array { items: items.as_ptr() as *const c_void, count: items.len() as u32, stride: size_of::<T>() as u32 }
}

/// fg_feature
#[repr(C)]
pub struct FeatureTable {
    struct_size: u32,
    state_size: u32,
    state_align: u32,
    payload_bytes: u32,
    needs: u64,
    name: *const c_char,
    version: *const c_char,
    doc: *const c_char,
    columns: Array,
    options: Array,
    create: unsafe extern "C" fn(*const Create, *mut *mut c_void) -> u32,
    destroy: unsafe extern "C" fn(*mut c_void),
    update: unsafe extern "C" fn(*mut c_void, *const Batch) -> u32,
    emit: unsafe extern "C" fn(*mut c_void, *const Emit) -> u32,
    release: Option<unsafe extern "C" fn(*mut c_void, *const c_void)>,
}
unsafe impl Sync for FeatureTable {}

impl FeatureTable {
    pub const fn new<F: Feature>(
        texts: [&'static CStr; 3], // name, version, doc
        columns: &'static [Column],
        options: &'static [Opt],
    ) -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            state_size: size_of::<F::State>() as u32,
            state_align: align_of::<F::State>() as u32,
            payload_bytes: 0,
            needs: 0,
            name: texts[0].as_ptr(),
            version: texts[1].as_ptr(),
            doc: texts[2].as_ptr(),
            columns: array_of(columns),
            options: array_of(options),
            create: create::<F>,
            destroy: destroy::<F>,
            update: update::<F>,
            emit: emit::<F>,
            release: None,
        }
    }
}

/// fg_module
#[repr(C)]
pub struct Module {
    struct_size: u32,
    min_host_minor: u32,
    built_minor: u32,
    feature_count: u32,
    schema_count: u32,
    reserved: u32,
    name: *const c_char,
    version: *const c_char,
    licence: *const c_char,
    features: *const Features,
    schemas: *const c_void,
}
unsafe impl Sync for Module {}

#[repr(transparent)]
pub struct Features(pub [&'static FeatureTable; 1]);

impl Module {
    pub const fn new(name: &'static CStr, version: &'static CStr, licence: &'static CStr, features: &'static Features) -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            min_host_minor: 0,
            built_minor: 0,
            feature_count: features.0.len() as u32,
            schema_count: 0,
            reserved: 0,
            name: name.as_ptr(),
            version: version.as_ptr(),
            licence: licence.as_ptr(),
            features,
            schemas: std::ptr::null(),
        }
    }
}

/// The one symbol of the library: a feature of the module's own name.
#[macro_export]
macro_rules! module {
    (name: $name:expr, version: $version:expr, licence: $licence:expr, doc: $doc:expr, feature: $feature:ty,
     columns: $columns:expr, options: $options:expr $(,)?) => {
        static FG_FEATURE: flowgauge::FeatureTable =
            flowgauge::FeatureTable::new::<$feature>([$name, $version, $doc], &$columns, &$options);
        static FG_FEATURES: flowgauge::Features = flowgauge::Features([&FG_FEATURE]);
        #[no_mangle]
        #[allow(non_upper_case_globals)]
        pub static fg_module_v1: flowgauge::Module = flowgauge::Module::new($name, $version, $licence, &FG_FEATURES);
    };
}
pub use crate::module;

// ---------------------------------------------------------------- the loops

const OK: u32 = 1;
const ERROR: u32 = 2;
const LOG_ERROR: u32 = 1;

struct Instance<F> {
    feature: F,
    host: *const Host,
}

unsafe fn log(host: *const Host, text: &str) {
    ((*host).log)(LOG_ERROR, text.as_ptr(), text.len());
}

/// No panic leaves the plugin: the run ends with its text. The message that Rust prints goes to standard error.
unsafe fn guarded(host: *const Host, work: impl FnOnce() -> Result<(), String>) -> u32 {
    let text = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(())) => return OK,
        Ok(Err(text)) => text,
        Err(panic) => match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
            (Some(text), _) => format!("it panicked: {text}"),
            (_, Some(text)) => format!("it panicked: {text}"),
            _ => "it panicked".to_string(),
        },
    };
    log(host, &text);
    ERROR
}

unsafe extern "C" fn create<F: Feature>(call: *const Create, instance: *mut *mut c_void) -> u32 {
    let host = (*call).host;
    guarded(host, || {
        let feature = F::create(&Options((*call).options))?;
        *instance = Box::into_raw(Box::new(Instance { feature, host })) as *mut c_void;
        Ok(())
    })
}

unsafe extern "C" fn destroy<F: Feature>(instance: *mut c_void) {
    let made = Box::from_raw(instance as *mut Instance<F>);
    let _ = catch_unwind(AssertUnwindSafe(|| drop(made)));
}

unsafe extern "C" fn update<F: Feature>(instance: *mut c_void, batch: *const Batch) -> u32 {
    let (own, batch) = (&mut *(instance as *mut Instance<F>), &*batch);
    guarded(own.host, || {
        for i in 0..batch.count as usize {
            let packet = &*(batch.packets.add(i * batch.packet_stride as usize) as *const Packet);
            let state = (*batch.records.add(i)).add(batch.state_offset as usize) as *mut F::State;
            own.feature.update(packet, &mut *state);
        }
        Ok(())
    })
}

unsafe extern "C" fn emit<F: Feature>(instance: *mut c_void, call: *const Emit) -> u32 {
    let (own, call) = (&*(instance as *mut Instance<F>), &*call);
    guarded(own.host, || {
        for row in 0..call.row_count as usize {
            let state = (*call.records.add(row)).add(call.state_offset as usize) as *const F::State;
            own.feature.emit(&*state, &mut Row { call, row });
        }
        Ok(())
    })
}

// ---------------------------------------------------------------- as in flowgauge/plugin.h

const _: () = {
    assert!(size_of::<Column>() == 48 && offset_of!(Column, reveals) == 24 && offset_of!(Column, flags) == 40);
    assert!(size_of::<Opt>() == 32 && offset_of!(Opt, kind) == 24);
    assert!(size_of::<Value>() == 16 && size_of::<Vector>() == 16 && size_of::<Text>() == 16);
    assert!(offset_of!(Host, log) == 16 && offset_of!(Host, arena_alloc) == 24);
    assert!(size_of::<Packet>() == 72 && offset_of!(Packet, ip_length_bytes) == 40);
    assert!(offset_of!(Packet, tcp_window) == 58 && offset_of!(Packet, icmp_code) == 68);
    assert!(offset_of!(Flow, ip_version) == 40 && offset_of!(Flow, first_ns) == 144 && size_of::<Flow>() == 192);
    assert!(offset_of!(Create, host) == 8 && offset_of!(Create, options) == 16);
    assert!(offset_of!(Batch, records) == 16 && offset_of!(Batch, state_offset) == 32);
    assert!(offset_of!(Emit, columns) == 24 && offset_of!(Emit, flow_stride) == 52);
    assert!(size_of::<FeatureTable>() == 120 && offset_of!(FeatureTable, columns) == 48);
    assert!(offset_of!(FeatureTable, create) == 80 && offset_of!(FeatureTable, release) == 112);
    assert!(size_of::<Module>() == 64 && offset_of!(Module, name) == 24 && offset_of!(Module, features) == 48);
};
