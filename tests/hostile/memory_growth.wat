;; Grows by {N} pages.
(func (export "render") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (drop (memory.grow (i32.const {N}))) (i32.const 128))
