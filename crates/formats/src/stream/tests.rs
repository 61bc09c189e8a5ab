use super::*;

#[test]
fn batches_are_bounded_and_say_how_much_was_read() {
    let input = "ab\n".repeat(BATCH_RECORDS_MAX + 1);
    let mut records = Records::new(input.as_bytes()).unwrap();
    let first = records.next_batch().unwrap().unwrap();
    assert_eq!(first.records.len(), BATCH_RECORDS_MAX);
    assert_eq!(first.read, 3 * u64::try_from(BATCH_RECORDS_MAX).unwrap());
    let second = records.next_batch().unwrap().unwrap();
    assert_eq!(second.records[0].line, u64::try_from(BATCH_RECORDS_MAX).unwrap() + 1);
    assert_eq!(second.read, u64::try_from(input.len()).unwrap());
    assert!(records.next_batch().unwrap().is_none());
}

#[test]
fn utf_16_is_refused_with_a_sentence() {
    let error = Records::new(&b"\xFF\xFEa\0"[..]).err().unwrap();
    assert!(error.to_string().contains("UTF-16"));
}
