// The steps of ../../fast/assembly.
export declare function begin(count: u32, end: usize, flags: u32, limit: u32, drop: bool): i32;
export declare function resolve(count: u32, flags: u32): i32;
export declare function skip(): i32;
