//! The contract of deltaw/abi.h, and a trait on top of it for rules of local scope. An instance is
//! called by one thread at a time; a panic becomes an error of the run.
#![allow(dead_code)]

use std::collections::HashMap;
use std::ffi::CStr;
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

pub const PRE: u32 = 0;
pub const POST: u32 = 1;
pub const POTENTIAL: u32 = 2;
pub const DERIVATIVE: u32 = 3;
pub const PERTURBATION: u32 = 4;
pub const WEIGHTS: u32 = 5;
pub const TARGET: u32 = 6;
pub const ERROR: u32 = 7;
pub const REWARD: u32 = 8;
pub const BASELINE: u32 = 9;
pub const LEARNING_SIGNAL: u32 = 13;
pub const WEIGHT_PERTURBATION: u32 = 14;

pub const GRAIN_BATCH: u32 = 1;
pub const GRAIN_TRIAL: u32 = 2;

const OK: i32 = 0;
const INVALID_ARGUMENT: i32 = 1;
const UNSUPPORTED: i32 = 2;
const INTERNAL: i32 = 6;
const F32: u32 = 1;

#[repr(C)]
pub struct Error {
    struct_size: u32,
    code: i32,
    message: [c_char; 504],
}

/// Column-major: element (i, j) is data[i + j * ld].
#[repr(C)]
pub struct Matrix {
    data: *mut c_void,
    rows: u64,
    cols: u64,
    ld: u64,
    dtype: u32,
    flags: u32,
}

impl Matrix {
    pub fn rows(&self) -> usize {
        self.rows as usize
    }
    pub fn cols(&self) -> usize {
        self.cols as usize
    }
    fn at(&self, i: usize, j: usize) -> usize {
        assert!(i < self.rows() && j < self.cols(), "({i}, {j}) is outside the matrix");
        i + j * self.ld as usize
    }
    pub fn get(&self, i: usize, j: usize) -> f64 {
        let at = self.at(i, j);
        // SAFETY: the host gives `rows` x `cols` elements of `dtype`, and at() stays among them.
        unsafe {
            if self.dtype == F32 {
                f64::from(*(self.data as *const f32).add(at))
            } else {
                *(self.data as *const f64).add(at)
            }
        }
    }
    /// Adds to an element: for ΔW, the only matrix that may be written.
    pub fn add(&mut self, i: usize, j: usize, x: f64) {
        let at = self.at(i, j);
        // SAFETY: as get(); the host calls one instance at a time.
        unsafe {
            if self.dtype == F32 {
                *(self.data as *mut f32).add(at) += x as f32;
            } else {
                *(self.data as *mut f64).add(at) += x;
            }
        }
    }
    /// A matrix over one's own numbers, column by column: for tests.
    pub fn of(values: &mut [f64], rows: usize) -> Matrix {
        let (rows, cols) = (rows as u64, (values.len() / rows) as u64);
        Matrix { data: values.as_mut_ptr().cast(), rows, cols, ld: rows, dtype: 2, flags: 0 }
    }
}

#[repr(C)]
pub struct Param {
    name: *const c_char,
    kind: u32,
    reserved: u32,
    value: u64,
}

#[repr(C)]
pub struct Shape {
    struct_size: u32,
    dtype: u32,
    max_columns: u64,
    n_connections: u64,
    connections: *const c_void,
}

#[repr(C)]
pub struct Block {
    struct_size: u32,
    n_signals: u32,
    pub index: u64,
    pub step: u64,
    columns: u64,
    pub dt: f64,
    signals: *const *const Matrix,
    flags: u32,
    reserved: u32,
    lower: f64,
    upper: f64,
    scale: f64,
}

impl Block {
    pub fn columns(&self) -> usize {
        self.columns as usize
    }
    /// A signal that the rule declares.
    pub fn signal(&self, signal: u32) -> &Matrix {
        assert!(signal < self.n_signals, "no signal {signal}");
        // SAFETY: the host gives n_signals pointers, null where a signal is not declared.
        unsafe { (*self.signals.add(signal as usize)).as_ref() }
            .unwrap_or_else(|| panic!("signal {signal} is used but not declared"))
    }
    /// A block of one's own signals: for tests. `signals` has one entry for each signal, or null.
    pub fn of(signals: &[*const Matrix], columns: usize) -> Block {
        Block {
            struct_size: std::mem::size_of::<Block>() as u32,
            n_signals: signals.len() as u32,
            index: 0,
            step: 0,
            columns: columns as u64,
            dt: 0.0,
            signals: signals.as_ptr(),
            flags: 0,
            reserved: 0,
            lower: f64::NEG_INFINITY,
            upper: f64::INFINITY,
            scale: 1.0,
        }
    }
}

#[repr(C)]
pub struct RuleTable {
    struct_size: u32,
    reserved: u32,
    this: *mut c_void,
    prepare: unsafe extern "C" fn(*mut c_void, *const Shape, *mut Error) -> i32,
    observe: Option<unsafe extern "C" fn(*mut c_void, *const Block, *mut Error) -> i32>,
    update: unsafe extern "C" fn(*mut c_void, *const Block, *mut Matrix, u64, *mut Error) -> i32,
    reset: unsafe extern "C" fn(*mut c_void),
    get_extension: Option<unsafe extern "C" fn(*mut c_void, *const c_char) -> *const c_void>,
    destroy: unsafe extern "C" fn(*mut c_void),
}

#[repr(C)]
pub struct RuleInfo {
    struct_size: u32,
    scope: u32,
    id: *const c_char,
    version: *const c_char,
    caps: u64,
    signals: u64,
    grain: u32,
    reserved: u32,
}
// SAFETY: the pointers are to constants.
unsafe impl Sync for RuleInfo {}

#[repr(C)]
pub struct Plugin {
    struct_size: u32,
    abi_major: u32,
    abi_minor_needed: u32,
    n_rules: u32,
    rule_info: extern "C" fn(u32) -> *const RuleInfo,
    create: unsafe extern "C" fn(
        *const c_void,
        *const c_char,
        *const Param,
        u64,
        *mut RuleTable,
        *mut Error,
    ) -> i32,
}

/// Numbers by name, as the manifest declares them; the host fills in defaults.
pub struct Parameters(HashMap<String, f64>);

impl Parameters {
    pub fn number(&self, name: &str) -> f64 {
        *self.0.get(name).unwrap_or_else(|| panic!("the manifest has no parameter '{name}'"))
    }
    pub fn of(values: &[(&str, f64)]) -> Parameters {
        Parameters(values.iter().map(|(name, x)| (name.to_string(), *x)).collect())
    }
}

pub trait Rule: Sized {
    const ID: &'static [u8]; // ends with \0
    const VERSION: &'static [u8]; // ends with \0
    const SIGNALS: u64; // bit(PRE) | ...
    const GRAIN: u32;
    fn new(parameters: &Parameters) -> Self;
    /// Adds the proposed change to delta (outputs x inputs). An error ends the run.
    fn update(&mut self, block: &Block, delta: &mut Matrix) -> Result<(), String>;
    /// Forgets all updates.
    fn reset(&mut self) {}
}

pub const fn bit(signal: u32) -> u64 {
    1 << signal
}

fn fail(error: *mut Error, code: i32, message: &str) -> i32 {
    // SAFETY: the host owns the error; it may give none.
    if let Some(error) = unsafe { error.as_mut() } {
        error.code = code;
        let bytes = message.as_bytes();
        let n = bytes.len().min(error.message.len() - 1);
        for (to, from) in error.message.iter_mut().zip(&bytes[..n]) {
            *to = *from as c_char;
        }
        error.message[n] = 0;
    }
    code
}

fn guarded<F: FnOnce() -> Result<(), (i32, String)>>(error: *mut Error, f: F) -> i32 {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(Ok(())) => OK,
        Ok(Err((code, message))) => fail(error, code, &message),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            fail(error, INTERNAL, text.unwrap_or("the rule panicked"))
        }
    }
}

unsafe extern "C" fn prepare(_this: *mut c_void, _shape: *const Shape, _error: *mut Error) -> i32 {
    OK
}

unsafe extern "C" fn update<R: Rule>(
    this: *mut c_void,
    block: *const Block,
    deltas: *mut Matrix,
    _n: u64,
    error: *mut Error,
) -> i32 {
    guarded(error, || {
        (*this.cast::<R>()).update(&*block, &mut *deltas).map_err(|text| (UNSUPPORTED, text))
    })
}

unsafe extern "C" fn reset<R: Rule>(this: *mut c_void) {
    guarded(std::ptr::null_mut(), || {
        (*this.cast::<R>()).reset();
        Ok(())
    });
}

unsafe extern "C" fn destroy<R: Rule>(this: *mut c_void) {
    drop(Box::from_raw(this.cast::<R>()));
}

pub unsafe extern "C" fn create<R: Rule>(
    _host: *const c_void,
    id: *const c_char,
    params: *const Param,
    n: u64,
    out: *mut RuleTable,
    error: *mut Error,
) -> i32 {
    guarded(error, || {
        if CStr::from_ptr(id).to_bytes_with_nul() != R::ID {
            return Err((INVALID_ARGUMENT, "this plugin has no such rule".to_string()));
        }
        let mut values = HashMap::new();
        for i in 0..n as usize {
            let param = &*params.add(i);
            let name = CStr::from_ptr(param.name).to_string_lossy().into_owned();
            match param.kind {
                1 => values.insert(name, f64::from_bits(param.value)),
                2 | 3 => values.insert(name, param.value as i64 as f64),
                _ => None,
            };
        }
        out.write(RuleTable {
            struct_size: std::mem::size_of::<RuleTable>() as u32,
            reserved: 0,
            this: Box::into_raw(Box::new(R::new(&Parameters(values)))).cast(),
            prepare,
            observe: None,
            update: update::<R>,
            reset: reset::<R>,
            get_extension: None,
            destroy: destroy::<R>,
        });
        Ok(())
    })
}

pub const fn info<R: Rule>() -> RuleInfo {
    RuleInfo {
        struct_size: std::mem::size_of::<RuleInfo>() as u32,
        scope: 1,
        id: R::ID.as_ptr() as *const c_char,
        version: R::VERSION.as_ptr() as *const c_char,
        caps: 1 | 2 | 8 | 16, // f32, f64, concurrent, deterministic
        signals: R::SIGNALS,
        grain: R::GRAIN,
        reserved: 0,
    }
}

pub const fn plugin<R: Rule>(rule_info: extern "C" fn(u32) -> *const RuleInfo) -> Plugin {
    Plugin {
        struct_size: std::mem::size_of::<Plugin>() as u32,
        abi_major: 1,
        abi_minor_needed: 0,
        n_rules: 1,
        rule_info,
        create: create::<R>,
    }
}

/// Exports the rule: the last line of a plugin.
#[macro_export]
macro_rules! deltaw_plugin {
    ($rule:ty) => {
        extern "C" fn deltaw_rule_info(index: u32) -> *const deltaw::RuleInfo {
            static INFO: deltaw::RuleInfo = deltaw::info::<$rule>();
            if index == 0 { &INFO } else { std::ptr::null() }
        }
        #[no_mangle]
        pub extern "C" fn deltaw_plugin_entry() -> *const deltaw::Plugin {
            static PLUGIN: deltaw::Plugin = deltaw::plugin::<$rule>(deltaw_rule_info);
            &PLUGIN
        }
    };
}
